import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Connection } from '@temporalio/client';
import { prepareNamespace } from '../../engine/temporal/namespace.ts';
import { startTemporal } from '../support/running-temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const secondsPerDay = 24 * 60 * 60;

describe('preparing a namespace', () => {
  it('keeps closed workflows 30 days and makes lists filter by our attributes, again and again on one database', async () => {
    await using folder = await temporaryFolder();
    for (const start of ['first', 'second']) {
      await using temporal = await startTemporal(folder.path);
      const { connection } = temporal;
      assert.equal(await retentionSeconds(connection, 'default'), 30 * secondsPerDay, `${start} start`);
      const found = await connection.workflowService.countWorkflowExecutions({
        namespace: 'default',
        query: "PawlPhase = 'running' AND PawlProvider = 'docker'",
      });
      assert.equal(Number(found.count), 0);
    }
  });

  it('makes a namespace that another cluster lacks, and never shortens what somebody else chose', async () => {
    await using folder = await temporaryFolder();
    await using temporal = await startTemporal(folder.path);
    const { connection } = temporal;
    const wishes = { namespace: 'pawl', retentionDays: 90, mayShortenRetention: false };

    await prepareNamespace(connection, wishes);
    await prepareNamespace(connection, { ...wishes, retentionDays: 30 });
    assert.equal(await retentionSeconds(connection, 'pawl'), 90 * secondsPerDay);

    await prepareNamespace(connection, { ...wishes, retentionDays: 30, mayShortenRetention: true });
    assert.equal(await retentionSeconds(connection, 'pawl'), 30 * secondsPerDay);
  });
});

async function retentionSeconds(connection: Connection, namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config?.workflowExecutionRetentionTtl?.seconds);
}
