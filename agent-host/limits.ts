/** Limits that the host itself sees to: time, and space on the volume. */
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { JobLimits } from './job.ts';
import type { Host } from './host.ts';
import type { Places } from './places.ts';
import type { Stopping } from './stopping.ts';

const run = promisify(execFile);

const usualDiskMegabytes = 10 * 1024;
const pauseMs = 2000;
/** A longer one would fire at once; it is a good three weeks. */
const longestTimerMs = 2 ** 31 - 1;
/** Looking must cost little beside the work: the pause grows with the time that a look takes. */
const pausePerLook = 20;

/**
 * Watches an agent until it is disposed of, and stops it with the outcome `limit`. The time counts while the agent works:
 * what a machine that was away took of it is not lost.
 */
export function watchLimits(
  { minutes, diskMegabytes = usualDiskMegabytes }: JobLimits,
  { places, memory }: Host,
  stop: Stopping['stop'],
): AsyncDisposable {
  const end = new AbortController();
  const { workedMs } = memory.noted;
  const since = performance.now() - workedMs;
  const timer = setTimeout(
    () => stop('limit', `the limit of ${minutes} minutes is reached`),
    Math.min(Math.max(0, minutes * 60_000 - workedMs), longestTimerMs),
  );

  async function look(): Promise<void> {
    for (let lookMs = 0; !end.signal.aborted;) {
      await sleep(Math.max(pauseMs, lookMs * pausePerLook), undefined, { signal: end.signal }).catch(() => undefined);
      const before = performance.now();
      const megabytes = await usedMegabytes(places);
      if (megabytes > diskMegabytes) stop('limit', `the volume holds more than ${diskMegabytes} MB`);
      await memory.note({ workedMs: performance.now() - since }).catch(() => stop('limit', 'the volume is full'));
      lookMs = performance.now() - before;
    }
  }

  const looking = look();
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      end.abort();
      await looking;
    },
  };
}

/**
 * What lies on the volume, wherever the agent has put it. A tree that changes while it is measured is measured as far as it can
 * be.
 */
async function usedMegabytes({ root }: Places): Promise<number> {
  const measure = run('du', ['--summarize', '--block-size=1M', '--one-file-system', root]);
  const { stdout } = await measure.catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  return Number(/^(\d+)\t/.exec(stdout)?.[1] ?? 0);
}
