/** Whose processor time it takes. */
import { cpus } from 'node:os';
import type { Installation } from '../../test/support/installation.ts';
import { usageOf } from '../support/usage.ts';

const parts = ['temporal', 'worker', 'api', 'gateway'] as const;

/** What one crowd took. */
export interface Cost {
  /** How many of the machine's cores were busy, on an average. */
  busyCores: number;
  /** Processor seconds in all, whoever took them, and those of Pawl's own processes. */
  seconds: number;
  ofParts: Record<(typeof parts)[number], number>;
}

/** Counts from now on, until the returned function is called. */
export function startCounting({ processes }: Pick<Installation, 'processes'>): () => Cost {
  const pidOf = (part: string) => processes().find(({ name }) => name === part)?.pid ?? Number.NaN;
  const partsNow = () => parts.map((part) => usageOf(pidOf(part)).cpuSeconds);
  const [partsBefore, busyBefore, startedAt] = [partsNow(), busySeconds(), performance.now()];
  return () => {
    const seconds = busySeconds() - busyBefore;
    const used = partsNow().map((after, index) => after - (partsBefore[index] ?? Number.NaN));
    return {
      ...{ seconds, busyCores: seconds / ((performance.now() - startedAt) / 1000) },
      ofParts: Object.fromEntries(parts.map((part, index) => [part, used[index]])) as Cost['ofParts'],
    };
  };
}

/** Of all cores together, since the machine started. */
function busySeconds(): number {
  return cpus().reduce((sum, { times: { user, nice, sys, irq } }) => sum + (user + nice + sys + irq) / 1000, 0);
}
