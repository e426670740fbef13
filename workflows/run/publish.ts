/** What the agent left becomes public, if it may: only the work of an agent that says itself that it succeeded. */
import { isCancellation } from '@temporalio/workflow';
import { runBlobs } from '../contract/run.ts';
import type { AgentEnding } from '../contract/run-events.ts';
import { keepDiff } from './activities.ts';
import { failure, reasonOf } from './failure.ts';
import { makePublic } from './make-public.ts';
import { sourceOf } from './prepare.ts';
import { setStep } from './record.ts';
import type { Checkout, Run } from './run.ts';

export const bundleFile = 'result.bundle';
const diffFile = 'changes.diff';

/** Fails when the agent did. A push that fails is no failure of the run: the bundle is kept, and can be published again. */
export async function publish(run: Run): Promise<void> {
  const { ending, checkout } = run;
  if (!ending) throw failure('AgentFailed', 'The agent ended without a word.');
  const hasBundle = checkout !== null && ending.files.includes(bundleFile);
  const bundle = hasBundle ? runBlobs(run.input.runId).file(bundleFile) : null;
  if (checkout && bundle !== null) await keepChanges(run, ending, checkout, bundle);
  checkSuccess(ending);
  if (checkout) await makePublic(run, { ...checkout, bundle });
}

function checkSuccess({ outcome, reason }: AgentEnding): void {
  if (outcome === 'completed') return;
  const name = outcome === 'refused' ? 'AgentRefused' : outcome === 'limit' ? 'LimitReached' : 'AgentFailed';
  throw failure(name, reason ?? `The agent's work ${outcome}.`);
}

/** A diff is for readers; a run does not fail for want of one. */
async function keepChanges(run: Run, ending: AgentEnding, { baseCommit }: Checkout, bundle: string): Promise<void> {
  const { runId, repository } = run.input;
  if (!repository) return;
  setStep(run, 'keep the diff');
  try {
    await keepDiff({ ...sourceOf(repository), baseCommit, bundle, diff: runBlobs(runId).file(diffFile) });
    ending.files.push(diffFile);
  } catch (error) {
    if (isCancellation(error)) throw error;
    reasonOf(error);
  }
}
