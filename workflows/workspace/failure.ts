/** Failures inside a workspace's life: made here, and read from what activities throw. */
import { ActivityFailure, ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import { isFailureName, type FailureName } from '../contract/failures.ts';

/** A final failure of the workspace; a plain `Error` would repeat the workflow task for ever instead. */
export function failure(type: FailureName, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

/**
 * The reason to show for an error that ended a workspace.
 * Anything but a Temporal failure is a defect of ours and is thrown on: the task waits for a fixed worker.
 */
export function reasonOf(error: unknown): { code: FailureName; message: string } {
  if (!(error instanceof TemporalFailure)) throw error;
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && isFailureName(cause.type)) {
    return { code: cause.type, message: cause.message };
  }
  if (cause instanceof TimeoutFailure) {
    const last = cause.cause ? ` The last try said: ${cause.cause.message}` : '';
    return { code: 'BootTimedOut', message: `There was no time left.${last}` };
  }
  return { code: 'ProviderUnavailable', message: cause?.message ?? error.message };
}
