/** Failures inside a run: made here, and read from what activities throw. */
import { ActivityFailure, ApplicationFailure, TemporalFailure, TimeoutFailure } from '@temporalio/workflow';
import { isFailureName, type FailureName } from '../contract/failures.ts';

/** Why something did not work: a code for programs, words for people. */
export interface Reason {
  code: FailureName;
  message: string;
}

/** A final failure of the run; a plain `Error` would repeat the workflow task for ever instead. */
export function failure(type: FailureName, message: string): ApplicationFailure {
  return ApplicationFailure.create({ type, message, nonRetryable: true });
}

/**
 * The reason to show for an error that ended a run.
 * Anything but a Temporal failure is a defect of ours and is thrown on: the task waits for a fixed worker.
 */
export function reasonOf(error: unknown): Reason {
  if (!(error instanceof TemporalFailure)) throw error;
  if (isRunnerLost(error)) return { code: 'RunnerLost', message: 'The runner went away, and does not come back.' };
  const cause = error instanceof ActivityFailure ? error.cause : error;
  // What a try said last tells more than that there was no time for another.
  const told = cause instanceof TimeoutFailure ? cause.cause : cause;
  if (told instanceof ApplicationFailure && isFailureName(told.type)) {
    return { code: told.type, message: told.message };
  }
  return { code: 'RunnerUnavailable', message: told?.message ?? error.message };
}

/** Nobody has taken a step from the runner's queue for long: the machine is gone, and with it what it held. */
export function isRunnerLost(error: unknown): boolean {
  return isTimeout(error, 'SCHEDULE_TO_START');
}

/** The time for the step and all of its tries is over. */
export function isOutOfTime(error: unknown): boolean {
  return isTimeout(error, 'SCHEDULE_TO_CLOSE') || isTimeout(error, 'START_TO_CLOSE');
}

function isTimeout(error: unknown, type: TimeoutFailure['timeoutType']): boolean {
  return error instanceof ActivityFailure && error.cause instanceof TimeoutFailure && error.cause.timeoutType === type;
}
