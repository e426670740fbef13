/** Work becomes public: as a commit on its session's branch, and as a pull request for that. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import type { RunRepository } from '../contract/run.ts';
import { publishBranch } from './activities.ts';
import { reasonOf, type Reason } from './failure.ts';
import { secretsOf, sourceOf } from './prepare.ts';
import { offerPullRequest } from './pull-request.ts';
import { record, setStatus, setStep } from './record.ts';
import { isoTime, type Checkout, type Run } from './run.ts';

export interface Work extends Pick<Checkout, 'branch' | 'baseBranch' | 'baseCommit' | 'expectedHead'> {
  /** Key of the blob that holds it; `null` when the branch has all there is. */
  bundle: string | null;
}

/** As far as the run's policy wants it. Returns what kept it from that, which the stream then tells as well. */
export async function makePublic(run: Run, work: Work): Promise<Reason | null> {
  const { publish: policy, repository } = run.input;
  if (!repository || policy === 'none') return null;
  setStatus(run, 'publishing');
  const { branch, message, failed } = await push(run, repository, work);
  const isThere = run.commit !== null || work.expectedHead !== null;
  if (failed || !isThere || policy !== 'pull_request') return failed;
  return await offerPullRequest(run, { ...work, branch }, repository, message);
}

/** Where the work is, and what a new commit says, if there is one; or why the branch could not be pushed. */
interface Pushed {
  branch: string;
  message: string | null;
  failed: Reason | null;
}

async function push(run: Run, repository: RunRepository, work: Work): Promise<Pushed> {
  const { branch, baseCommit, expectedHead, bundle } = work;
  if (bundle === null) return { branch, message: null, failed: null };
  setStep(run, 'publish', `the repository to take ${branch}`);
  await record(run, { type: 'publish.started', data: { branch } });
  try {
    const published = await publishBranch({
      ...{ ...sourceOf(repository), runId: run.input.runId, bundle, baseCommit, branch, expectedHead },
      at: isoTime(run.startedAt ?? run.openedAt),
      secrets: secretsOf(run),
    });
    if (published.outcome === 'nothing') {
      await record(run, { type: 'publish.nothing', data: {} });
      return { branch, message: null, failed: null };
    }
    const { branch: taken, commit, message } = published;
    run.commit = commit;
    if (run.checkout) run.checkout = { ...run.checkout, branch: taken };
    await notePublished(run, taken, commit);
    return { branch: taken, message, failed: null };
  } catch (error) {
    return { branch, message: null, failed: await noteNotPublished(run, branch, error) };
  }
}

/**
 * Also told of a run that was cancelled too late to keep it from happening. The commit is told by the activity, before its
 * push.
 */
async function notePublished(run: Run, branch: string, commit: string): Promise<void> {
  await CancellationScope.nonCancellable(() => record(run, { type: 'publish.pushed', data: { branch, commit } }));
}

async function noteNotPublished(run: Run, branch: string, error: unknown): Promise<Reason> {
  if (isCancellation(error)) throw error;
  const reason = reasonOf(error);
  await record(run, { type: 'publish.failed', data: { branch, code: reason.code, reason: reason.message } });
  return reason;
}
