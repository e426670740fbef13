/** Many at once, each timed by itself. */
import type { Installation } from '../../test/support/installation.ts';
import type { BareContainers } from '../support/bare-container.ts';
import { followRun } from '../support/followed-run.ts';
import { timeMs } from '../support/time-ms.ts';

export interface Crowd {
  /** Seconds from the request for it to its end, one for each. */
  eachSeconds: number[];
  perSecond: number;
}

/** Says ten lines within a second, as an agent does that mostly waits for its model. */
const stub = ['sh', '-c', 'for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i; sleep 0.1; done'] as const;
const lines = 10;

/** So many runs of the stub, asked for at the same moment and all followed to their ends. Rejects unless all complete. */
export async function pawlCrowd(installation: Installation, size: number): Promise<Crowd> {
  return await crowd(size, async () => {
    const { totalMs, events } = await followRun(installation, {
      ...{ prompt: 'Say ten lines', agent: 'command', options: { command: stub } },
    });
    checkLines(events.filter(({ type }) => type === 'agent.message').length);
    return totalMs;
  });
}

/** So many containers with the stub alone. */
export async function bareCrowd(containers: BareContainers, size: number): Promise<Crowd> {
  return await crowd(size, async () => {
    return await timeMs(async () => {
      const { stdout } = await containers.run({ command: [...stub], network: 'none' });
      checkLines(stdout.length);
    });
  });
}

async function crowd(size: number, timeOne: () => Promise<number>): Promise<Crowd> {
  let each: number[] = [];
  const ms = await timeMs(async () => {
    each = await Promise.all(Array.from({ length: size }, timeOne));
  });
  return { eachSeconds: each.map((one) => one / 1000), perSecond: (size / ms) * 1000 };
}

function checkLines(count: number): void {
  if (count !== lines) throw new Error(`the stub said ${count} of ${lines} lines`);
}
