/** What happens on the runner. However it ends, what the agent did is kept, and nothing stays there. */
import { CancellationScope } from '@temporalio/workflow';
import type { HeldPlace } from '../contract/run.ts';
import { removeRemainsAt, runnerAt, waitForAgentAt } from './activities.ts';
import { startContainer } from './container.ts';
import { failure, isOutOfTime, isRunnerLost, reasonOf } from './failure.ts';
import { prepare } from './prepare.ts';
import { record, setStatus, setStep } from './record.ts';
import type { Run } from './run.ts';

/** The agent host keeps to the limit by itself; this much later it is not waited for any more. */
const graceMs = 5 * 60_000;

/** A container that dies so often will not come to an end. */
const maxDeaths = 3;

/** Returns when the agent's results are collected. */
export async function work(run: Run, place: HeldPlace): Promise<void> {
  try {
    await prepare(run, place);
    await letAgentWork(run, place);
  } catch (error) {
    // There is nobody to clean up; that runner does so itself when it comes back.
    if (isRunnerLost(error)) throw error;
    await CancellationScope.nonCancellable(() => leaveAfterFailure(run, place));
    throw error;
  }
  await CancellationScope.nonCancellable(() => leave(run, place));
}

async function letAgentWork(run: Run, place: HeldPlace): Promise<void> {
  const { limits } = run.input;
  setStatus(run, 'working');
  run.startedAt ??= Date.now();
  const deadline = run.startedAt + limits.minutes * 60_000 + graceMs;
  for (let deaths = 0; ; deaths += 1) {
    setStep(run, 'agent works', 'the agent to end', deadline);
    const exit = await waitForAgentWithin(run, place, deadline - Date.now());
    if (exit.kind === 'ended') {
      run.ending = exit.ending;
      return;
    }
    if (deaths === maxDeaths)
      throw failure('AgentFailed', `The agent's container died again and again: ${exit.because}`);
    await record(run, { type: 'run.moved', data: { host: place.hostId, because: exit.because } });
    setStep(run, 'start the agent', 'its container');
    await startContainer(run, place);
  }
}

async function waitForAgentWithin(run: Run, place: HeldPlace, leftMs: number) {
  const { runId, limits } = run.input;
  const tooLate = failure('LimitReached', `The agent did not end within ${limits.minutes} minutes.`);
  if (leftMs <= 0) throw tooLate;
  try {
    return await waitForAgentAt(run, place, leftMs)({ runId });
  } catch (error) {
    throw isOutOfTime(error) ? tooLate : error;
  }
}

/** The first reason stays: what cannot be collected now is part of what went wrong. */
async function leaveAfterFailure(run: Run, place: HeldPlace): Promise<void> {
  await leave(run, place).catch(reasonOf);
}

async function leave(run: Run, place: HeldPlace): Promise<void> {
  try {
    if (run.mayHaveBegun && !run.ending) await collect(run, place);
  } finally {
    await removeRemains(run, place);
  }
}

/** The agent did not come to its end. */
async function collect(run: Run, place: HeldPlace): Promise<void> {
  const { runId } = run.input;
  const { stopAgent, collectResults } = runnerAt(run, place);
  setStep(run, 'collect results');
  await stopAgent({ runId });
  run.ending = await collectResults({ runId });
}

/** A runner that is lost only now cleans up by itself when it comes back; nothing of the run depends on it any more. */
async function removeRemains(run: Run, place: HeldPlace): Promise<void> {
  setStep(run, 'remove container');
  try {
    await removeRemainsAt(run, place)({ runId: run.input.runId });
  } catch (error) {
    if (!isRunnerLost(error)) throw error;
  }
}
