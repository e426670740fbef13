/** A pull request for what was published. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { openPullRequest } from './activities.ts';
import { reasonOf, type Reason } from './failure.ts';
import { secretsOf, sourceOf } from './prepare.ts';
import { record, setStep } from './record.ts';
import type { Checkout, Run } from './run.ts';
import type { RunRepository } from '../contract/run.ts';

/** `message`: what the commit says, if this run made one. Returns what kept it from being opened, which the stream then tells as well. */
export async function offerPullRequest(
  run: Run,
  { branch, baseBranch: base }: Pick<Checkout, 'branch' | 'baseBranch'>,
  repository: RunRepository,
  message: string | null,
): Promise<Reason | null> {
  const { runId, promptStart, onlyPublish } = run.input;
  setStep(run, 'open a pull request', 'its host');
  try {
    const { isNew, ...pullRequest } = await openPullRequest({
      ...sourceOf(repository),
      ...{ runId, branch, base, text: run.ending?.text ?? null, secrets: secretsOf(run) },
      titles: [...(message === null ? [] : [message]), ...(onlyPublish ? [] : [promptStart])],
    });
    run.pullRequest = pullRequest;
    const type = isNew ? 'pull_request.opened' : 'pull_request.updated';
    // Also told of a run that was cancelled too late to keep it from happening.
    await CancellationScope.nonCancellable(() => record(run, { type, data: { ...pullRequest, branch } }));
    return null;
  } catch (error) {
    if (isCancellation(error)) throw error;
    const reason = reasonOf(error);
    await record(run, { type: 'pull_request.failed', data: { branch, code: reason.code, reason: reason.message } });
    return reason;
  }
}
