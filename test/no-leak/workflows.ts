/** Lets time pass for those who are not the control plane: machines, people, the schedule of the sweep. */
import { executeChild, proxyActivities, sleep } from '@temporalio/workflow';
import type { SweepReport, SweepRequest } from '../../workflows/contract/upkeep.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import type { Turns } from './turns.ts';

const { open, turn, close } = proxyActivities<Turns>({
  startToCloseTimeout: '5 minutes',
  retry: { maximumAttempts: 1 },
});

const minuteMs = 60_000;

/** Plays the world to its end and returns what it came to. */
export async function playWorld(world: number): Promise<Awaited<ReturnType<Turns['close']>>> {
  const actors = await open(world, Date.now());
  await Promise.all(actors.map((actor) => play(world, actor)));
  return await close(world);
}

async function play(world: number, actor: string): Promise<void> {
  let report: SweepReport | null = null;
  for (;;) {
    const next: Awaited<ReturnType<Turns['turn']>> = await turn(world, actor, Date.now(), report);
    if (next === 'done') return;
    report = next === 'sweep' ? await sweep(world) : null;
    // All worlds move at the same moments, so that the server has fewer of them to skip to.
    if (next === 'wait') await sleep(minuteMs - (Date.now() % minuteMs));
  }
}

/** What the schedule does every few minutes; the time-skipping server has no schedules. */
async function sweep(world: number): Promise<SweepReport> {
  const request: SweepRequest = { minAgeMinutes: 0 };
  return await executeChild<typeof orphanSweep>('orphanSweep', {
    workflowId: `upkeep:orphanSweep:${world}`,
    taskQueue: controlPlaneQueue,
    args: [request],
  });
}
