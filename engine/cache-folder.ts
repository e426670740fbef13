/** The user's cache: what is expensive to get and the same for every installation. */
import { mkdir } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import type { Report } from './progress.ts';

/**
 * Runs `work` while no other process works on the same cache entry. Waits as long as the other one lives; one that was
 * killed loses its claim after ten seconds.
 */
export async function whileHolding<Result>(
  entry: string,
  report: Report,
  work: () => Promise<Result>,
): Promise<Result> {
  await mkdir(entry, { recursive: true });
  const release = await claim(entry, report);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function claim(entry: string, report: Report): Promise<() => Promise<void>> {
  try {
    return await lock(entry);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ELOCKED')) throw error;
    report(`another process is preparing ${entry}; waiting for it`);
    return lock(entry, { retries: { forever: true, factor: 1, minTimeout: 500, maxTimeout: 500 } });
  }
}
