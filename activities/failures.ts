/** One way to fail: every error that leaves an activity bears a name from the contract's closed list. */
import { ApplicationFailure } from '@temporalio/common';
import { failures, isFailureName } from '../workflows/contract/failures.ts';
import type { FailureName } from '../workflows/contract/failures.ts';

export interface FailureOptions {
  /** What led here; kept for the operator, so it must hold no secret. */
  cause?: unknown;
  /** When the other side said how long to wait. */
  retryAfterSeconds?: number;
  /** What a program may want to know beside the message, without secrets. */
  details?: unknown[];
}

/**
 * A failure by its name. Whether trying again can help comes from the contract's table; `message` is read by the user,
 * so it says in plain words what is wrong and holds no secret.
 */
export function failure(name: FailureName, message: string, options: FailureOptions = {}): ApplicationFailure {
  const { cause, retryAfterSeconds, details } = options;
  return ApplicationFailure.create({
    type: name,
    message,
    nonRetryable: !failures[name].retry,
    ...(details && { details }),
    ...(cause instanceof Error && { cause }),
    ...(retryAfterSeconds !== undefined && { nextRetryDelay: retryAfterSeconds * 1000 }),
  });
}

/** The name under which an error already failed, or `undefined` when nobody has named it yet. */
export function failureNameOf(error: unknown): FailureName | undefined {
  return error instanceof ApplicationFailure && isFailureName(error.type) ? error.type : undefined;
}
