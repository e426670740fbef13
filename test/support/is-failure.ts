import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureName } from '../../workflows/contract/failures.ts';

/** For `assert.rejects`: the error is this failure, and its words are like this. */
export function isFailure(name: FailureName, words = /./): (error: unknown) => true {
  return (error) => {
    assert.ok(error instanceof ApplicationFailure, String(error));
    assert.equal(error.type, name, error.message);
    assert.match(error.message, words);
    return true;
  };
}
