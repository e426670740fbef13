import { ActivityFailure, TimeoutFailure } from '@temporalio/workflow';

/** Why an activity failed, in its own words; anything else is no answer of an activity, and is thrown on. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof ActivityFailure)) throw error;
  const { cause } = error;
  if (cause instanceof TimeoutFailure) return cause.cause?.message ?? 'It did not answer in time.';
  return cause?.message ?? error.message;
}
