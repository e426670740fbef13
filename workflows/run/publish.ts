/** What the agent left becomes public, if it may: only the work of an agent that says itself that it succeeded. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { runBlobs } from '../contract/run.ts';
import type { AgentEnding } from '../contract/run-events.ts';
import { keepDiff, publishBranch } from './activities.ts';
import { failure, reasonOf } from './failure.ts';
import { secretsOf, sourceOf } from './prepare.ts';
import { offerPullRequest } from './pull-request.ts';
import { record, setStatus, setStep } from './record.ts';
import { isoTime, type Checkout, type Run } from './run.ts';

export const bundleFile = 'result.bundle';
const diffFile = 'changes.diff';

/** Fails when the agent did. A push that fails is no failure of the run: the bundle is kept, and can be published again. */
export async function publish(run: Run): Promise<void> {
  const { ending, checkout } = run;
  if (!ending) throw failure('AgentFailed', 'The agent ended without a word.');
  const hasBundle = checkout !== null && ending.files.includes(bundleFile);
  if (hasBundle) await keepChanges(run, ending, checkout);
  checkSuccess(ending);
  const { publish: policy, repository } = run.input;
  if (!checkout || !repository || policy === 'none') return;
  setStatus(run, 'publishing');
  const { isThere, message } = hasBundle ? await push(run, checkout) : untouched(checkout);
  if (isThere && policy === 'pull_request') await offerPullRequest(run, checkout, repository, message);
}

/** Whether the session's branch is at the server, with all that there is of its work; and what a new commit of it says. */
interface Pushed {
  isThere: boolean;
  message: string | null;
}

/** What earlier turns published is there. */
function untouched({ expectedHead }: Checkout): Pushed {
  return { isThere: expectedHead !== null, message: null };
}

function checkSuccess({ outcome, reason }: AgentEnding): void {
  if (outcome === 'completed') return;
  const name = outcome === 'refused' ? 'AgentRefused' : outcome === 'limit' ? 'LimitReached' : 'AgentFailed';
  throw failure(name, reason ?? `The agent's work ${outcome}.`);
}

/** A diff is for readers; a run does not fail for want of one. */
async function keepChanges(run: Run, ending: AgentEnding, checkout: Checkout): Promise<void> {
  setStep(run, 'keep the diff');
  try {
    await keepDiff({ ...workLeft(run, checkout), diff: runBlobs(run.input.runId).file(diffFile) });
    ending.files.push(diffFile);
  } catch (error) {
    if (isCancellation(error)) throw error;
    reasonOf(error);
  }
}

async function push(run: Run, checkout: Checkout): Promise<Pushed> {
  const { branch, expectedHead } = checkout;
  setStep(run, 'publish', `the repository to take ${branch}`);
  await record(run, { type: 'publish.started', data: { branch } });
  try {
    const published = await publishBranch({
      ...workLeft(run, checkout),
      ...{ branch, expectedHead },
      at: isoTime(run.startedAt ?? run.openedAt),
      secrets: secretsOf(run),
    });
    if (published.outcome === 'nothing') {
      await record(run, { type: 'publish.nothing', data: {} });
      return untouched(checkout);
    }
    const { commit, message } = published;
    run.commit = commit;
    await notePublished(run, branch, commit, message);
    return { isThere: true, message };
  } catch (error) {
    await noteNotPublished(run, branch, error);
    return { isThere: false, message: null };
  }
}

/** Also told of a run that was cancelled too late to keep it from happening. */
async function notePublished(run: Run, branch: string, commit: string, message: string): Promise<void> {
  await CancellationScope.nonCancellable(() =>
    record(
      run,
      { type: 'publish.committed', data: { branch, commit, message } },
      { type: 'publish.pushed', data: { branch, commit } },
    ),
  );
}

async function noteNotPublished(run: Run, branch: string, error: unknown): Promise<void> {
  if (isCancellation(error)) throw error;
  const { code, message } = reasonOf(error);
  await record(run, { type: 'publish.failed', data: { branch, code, reason: message } });
}

function workLeft({ input }: Run, { baseCommit }: Checkout) {
  if (!input.repository) throw new TypeError('only a checkout of a repository is published');
  return { ...sourceOf(input.repository), baseCommit, bundle: runBlobs(input.runId).file(bundleFile) };
}
