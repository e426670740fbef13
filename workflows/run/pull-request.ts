/** A pull request for what was published. One that cannot be opened is no failure of the run: the next turn tries again. */
import { CancellationScope, isCancellation } from '@temporalio/workflow';
import { openPullRequest } from './activities.ts';
import { reasonOf } from './failure.ts';
import { secretsOf, sourceOf } from './prepare.ts';
import { record, setStep } from './record.ts';
import type { Checkout, Run } from './run.ts';
import type { RunRepository } from '../contract/run.ts';

/** `message`: what the commit says, if this run made one. */
export async function offerPullRequest(
  run: Run,
  { branch, baseBranch: base }: Checkout,
  repository: RunRepository,
  message: string | null,
): Promise<void> {
  const { runId, promptStart } = run.input;
  setStep(run, 'open a pull request', 'its host');
  try {
    const { isNew, ...pullRequest } = await openPullRequest({
      ...sourceOf(repository),
      ...{ runId, branch, base, text: run.ending?.text ?? null, secrets: secretsOf(run) },
      titles: [...(message === null ? [] : [message]), promptStart],
    });
    run.pullRequest = pullRequest;
    const type = isNew ? 'pull_request.opened' : 'pull_request.updated';
    // Also told of a run that was cancelled too late to keep it from happening.
    await CancellationScope.nonCancellable(() => record(run, { type, data: { ...pullRequest, branch } }));
  } catch (error) {
    if (isCancellation(error)) throw error;
    const { code, message: reason } = reasonOf(error);
    await record(run, { type: 'pull_request.failed', data: { branch, code, reason } });
  }
}
