/** A place on a runner, held while the agent works there, and another one when that runner is lost. */
import { CancellationScope, condition, isCancellation, sleep } from '@temporalio/workflow';
import type { HeldPlace } from '../contract/run.ts';
import { runnerQueue } from '../contract/task-queues.ts';
import { holdRunnerAt } from './activities.ts';
import { isRunnerLost } from './failure.ts';
import { record, setStatus, setStep } from './record.ts';
import type { Run } from './run.ts';

/** A run that loses so many runners is one that breaks them. */
const maxMoves = 3;

/** A runner that is there needs milliseconds. */
const giveBackMs = 5_000;

/** Before a place that was lost at once is asked for again. */
const holdPauseMs = 5_000;

/**
 * Does the work at a runner that has a place for it. When that runner is lost before the agent's results are collected, the work
 * begins again on another one, and finds there what the first has left behind its door: the stream and the last checkpoint.
 */
export async function onRunner(run: Run, work: (place: HeldPlace) => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await withPlace(run, work);
    } catch (error) {
      if (!isRunnerLost(error) || run.cancelReason !== null || run.moves === maxMoves) throw error;
    }
    await move(run);
  }
}

async function move(run: Run): Promise<void> {
  const host = run.place?.hostId ?? 'unknown';
  run.moves += 1;
  run.place = null;
  await record(run, { type: 'run.moved', data: { host, because: 'the runner does not answer' } });
}

async function withPlace(run: Run, work: (place: HeldPlace) => Promise<void>): Promise<void> {
  setStatus(run, 'queued');
  setStep(run, 'wait for a runner', 'a place on a runner');
  run.holds += 1;
  const holding = await scopeOfItsOwn();
  const held = holding.run(() => hold(run));
  try {
    await record(run, { type: 'run.queued', data: { queue: runnerQueue } });
    await condition(() => run.place !== null);
    if (run.place) await work(run.place);
  } finally {
    await CancellationScope.nonCancellable(() => giveBack(run, held));
    holding.cancel();
    await held;
  }
}

/** The runner gives the place free by itself, as soon as nothing of the run is left there; only one that does not is told. */
async function giveBack({ place }: Run, held: Promise<void>): Promise<void> {
  if (place !== null) await Promise.race([held, sleep(giveBackMs, { summary: 'the place to be free' })]);
}

/** A run that is cancelled keeps its place until its container is gone. */
async function scopeOfItsOwn(): Promise<CancellationScope> {
  return await CancellationScope.nonCancellable(() => Promise.resolve(new CancellationScope()));
}

/**
 * Returns when the place is given back, or nobody needs it any more. A worker that dies loses the place; it is asked for again at the same runner, as the agent goes on
 * there. If that is gone for good, the step that waits for it tells.
 */
async function hold(run: Run): Promise<void> {
  const request = { runId: run.input.runId, hold: run.holds };
  try {
    for (;;) {
      const lost = await holdAt(run.place?.queue ?? runnerQueue, run, request).catch((error: unknown) => error);
      if (lost === undefined || isCancellation(lost)) return;
      await sleep(holdPauseMs, { summary: 'ask for the place again' });
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
  }
}

async function holdAt(queue: string, { input, place }: Run, request: { runId: string; hold: number }): Promise<void> {
  await holdRunnerAt(queue, input, place !== null)(request);
}
