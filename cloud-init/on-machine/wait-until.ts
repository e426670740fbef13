/** Waiting for another program. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until the answer is yes; an error counts as not yet. Fails after `patienceSeconds` with what was waited for and the
 * last error's words.
 */
export async function waitUntil(what: string, patienceSeconds: number, ask: () => Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + patienceSeconds * 1000;
  for (;;) {
    let because = '';
    try {
      if (await ask()) return;
    } catch (error) {
      because = `: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (performance.now() > giveUpAt) throw new Error(`Waited ${patienceSeconds} s in vain until ${what}${because}`);
    await sleep(100);
  }
}
