/** Working on what is seen, until what is seen is what is wanted. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Lists may lag behind what was just done; many times what is usual. */
const patienceMs = 30_000;

/**
 * Takes turns, each of which looks and takes the steps that are missing, until one finds nothing left to do. `false` when
 * that does not happen in time.
 */
export async function settle(isSettled: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  for (let pauseMs = 50; ; pauseMs = Math.min(pauseMs * 2, 3000)) {
    if (await isSettled()) return true;
    if (performance.now() + pauseMs > giveUpAt) return false;
    await sleep(pauseMs, undefined, { signal });
  }
}
