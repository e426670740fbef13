/** The end of every run: what it leaves is kept, what it held is given back, and then the final word is said. */
import type { RunEvent } from '../contract/run-events.ts';
import { runBlobs, runWorkflowId, type UnpublishedWork } from '../contract/run.ts';
import { callBack } from '../callback/call-back.ts';
import { forgetRun, saveSession } from './activities.ts';
import { bundleOf, keepChanges } from './left.ts';
import { record, setStatus, setStep } from './record.ts';
import { directoryOf } from './prepare.ts';
import { describeRun, usageOf, type Run } from './run.ts';

const sessionFile = 'session.tar';

/** Never fails and never gives up; runs outside the reach of cancellation. */
export async function finish(run: Run): Promise<void> {
  await keepChanges(run);
  setStep(run, 'save the session');
  await Promise.all([forgetRun({ runId: run.input.runId }), keepSession(run)]);
  await sayFinalWord(run);
  await tellCaller(run);
}

/** Also after a failure: the next prompt may be "try again". */
async function keepSession(run: Run): Promise<void> {
  // Who closes a session wants it forgotten.
  const hasNews = run.ending !== null || run.commit !== null;
  if (!hasNews || run.cancelReason === 'session closed') return;
  const { runId, sessionId } = run.input;
  const { resume } = run.turn ?? { resume: null };
  const branch = run.commit === null ? (resume?.branch ?? null) : (run.checkout?.branch ?? null);
  const head = run.commit ?? resume?.head ?? null;
  const baseBranch = run.checkout?.baseBranch ?? resume?.baseBranch ?? null;
  await saveSession({
    ...{ runId, sessionId },
    checkpoint: {
      ...{ branch, head, baseBranch, unpublished: unpublishedOf(run), directory: directoryOf(run) },
      conversation: conversationOf(run) ?? resume?.conversation ?? null,
    },
  });
}

function conversationOf({ input, ending }: Run) {
  if (!ending?.providerSessionId || !ending.files.includes(sessionFile)) return null;
  return {
    agent: input.agent,
    providerSessionId: ending.providerSessionId,
    archive: runBlobs(input.runId).file(sessionFile),
  };
}

/** A turn that left no bundle has changed nothing, and what the one before left is still all there is. */
function unpublishedOf(run: Run): UnpublishedWork | null {
  const { input, checkout, commit } = run;
  if (!input.repository || !checkout || commit !== null) return null;
  const { archive, baseCommit, branch, expectedHead } = checkout;
  const bundle = bundleOf(run);
  if (bundle === null) return checkout.unpublished;
  return { repoUrl: input.repository.url, bundle, archive, baseCommit, branch, expectedHead };
}

async function sayFinalWord(run: Run): Promise<void> {
  run.endedAt = Date.now();
  run.place = null;
  await record(run, finalWord(run, run.endedAt - Date.parse(run.input.createdAt)));
  if (run.outcome) setStatus(run, run.outcome);
  setStep(run, 'ended');
}

/** The delivery lives on by itself; the run does not wait for whoever is to hear of it. */
async function tellCaller(run: Run): Promise<void> {
  const { runId, callback } = run.input;
  if (!callback || !run.outcome) return;
  await callBack({
    id: `cb-${runId}-${run.outcome}`,
    subject: runWorkflowId(runId),
    type: `run.${run.outcome}`,
    ...callback,
    data: describeRun(run),
  });
}

function finalWord(run: Run, durationMs: number): RunEvent {
  const { outcome, failure, commit, checkout, pullRequest } = run;
  if (outcome === 'cancelled') {
    return { type: 'run.cancelled', data: { durationMs, reason: run.cancelReason ?? 'requested' } };
  }
  if (failure) return { type: 'run.failed', data: { durationMs, ...failure } };
  const branch = commit === null ? null : (checkout?.branch ?? null);
  return { type: 'run.completed', data: { durationMs, branch, commit, pullRequest, usage: usageOf(run) } };
}
