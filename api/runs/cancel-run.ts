import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { FailureName } from '../../workflows/contract/failures.ts';
import { cancelRunUpdate } from '../../workflows/contract/run.ts';
import { Problem } from '../problems.ts';
import type { RunDetails } from '../run-answers.ts';
import type { Services } from '../services.ts';
import { within, workerAnswerMs } from '../workspaces/temporal.ts';
import { describeRun, readRun } from './read-run.ts';
import { runHandle } from './temporal.ts';

/**
 * Cancels the run; returns its state once it has taken note. A repeat is harmless. Fails with `run_not_found`, or with
 * `run_already_ended` once its end is another one.
 */
export async function cancelRun(services: Services, owner: string, runId: string): Promise<RunDetails> {
  await describeRun(services, owner, runId);
  try {
    await within(services, workerAnswerMs, () =>
      runHandle(services, runId).executeUpdate(cancelRunUpdate, { args: [{ reason: 'requested' }] }),
    );
  } catch (error) {
    if (isRefusal(error)) throw new Problem('run_already_ended', error.cause.message);
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const run = await readRun(services, owner, runId);
  if (run.endedAt === null || run.status === 'cancelled') return run;
  throw new Problem('run_already_ended', `This run has ${run.status}: it cannot be cancelled any more.`);
}

function isRefusal(error: unknown): error is WorkflowUpdateFailedError & { cause: ApplicationFailure } {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return false;
  return error.cause.type === ('InvalidState' satisfies FailureName);
}
