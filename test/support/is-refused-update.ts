import { WorkflowUpdateFailedError } from '@temporalio/client';
import { isFailure } from './is-failure.ts';

/** For `assert.rejects`: the workspace did not accept, or could not carry out, what was asked of it. */
export function isRefusedUpdate(words: RegExp): (error: unknown) => boolean {
  return (error) => error instanceof WorkflowUpdateFailedError && isFailure('InvalidState', words)(error.cause);
}
