import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { timeSkippingServerPath } from '../support/time-skipping-server/provide.ts';

describe('the time-skipping server', () => {
  it('runs, and skips an hour that a test sleeps', async () => {
    const path = await timeSkippingServerPath();
    const environment = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
    try {
      const before = await environment.currentTimeMs();
      await environment.sleep('1 hour');
      assert.ok((await environment.currentTimeMs()) - before >= 60 * 60_000);
    } finally {
      await environment.teardown();
    }
  });
});
