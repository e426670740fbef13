import { setTimeout as delay } from 'node:timers/promises';
import { SetupError } from './progress.ts';

export interface Patience {
  signal?: AbortSignal;
  pollMs?: number;
  deadlineMs?: number;
}

/**
 * Resolves once `isSo` says yes, asking again after a short pause. Rejects with `SetupError` past the deadline, and when
 * the signal is aborted.
 */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  patience: Patience = {},
): Promise<void> {
  const { signal, pollMs = 100, deadlineMs = 120_000 } = patience;
  const deadline = performance.now() + deadlineMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new SetupError(`Waited ${deadlineMs / 1000} s in vain until ${what}.`);
    await delay(pollMs, undefined, signal ? { signal } : {});
  }
  signal?.throwIfAborted();
}
