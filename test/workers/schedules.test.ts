/** The upkeep schedules, on a real server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, ScheduleNotFoundError, type ScheduleHandle } from '@temporalio/client';
import { ensureSchedules } from '../../workers/schedules.ts';
import { startTemporal } from '../support/running-temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const times = {
  orphanSweep: 'remove' as const,
  orphanSweepMinutes: 10,
  orphanAgeMinutes: 15,
  retentionDays: 30,
  blobRetentionDays: 30,
};

describe('the upkeep schedules', () => {
  const cleanup = new AsyncDisposableStack();
  let client: Client;
  before(async () => {
    const folder = cleanup.use(await temporaryFolder());
    const { connection } = cleanup.use(await startTemporal(folder.path));
    client = new Client({ connection });
  });
  after(() => cleanup.disposeAsync());

  const sweep = (): ScheduleHandle => client.schedule.getHandle('orphan-sweep');

  it('are made by whichever worker starts first, and by many at once', async () => {
    await Promise.all([ensureSchedules(client, times), ensureSchedules(client, times)]);
    const { spec, action } = await sweep().describe();
    assert.equal(spec.intervals?.[0]?.every, 10 * 60_000);
    assert.equal(action.type === 'startWorkflow' && action.workflowType, 'orphanSweep');
  });

  it('follow the settings of a worker that starts later', async () => {
    await ensureSchedules(client, { ...times, orphanSweepMinutes: 3 });
    assert.equal((await sweep().describe()).spec.intervals?.[0]?.every, 3 * 60_000);
  });

  it('tell the sweep what to do with what it finds', async () => {
    await ensureSchedules(client, { ...times, orphanSweep: 'report' });
    const { action } = await sweep().describe();
    assert.deepEqual(action.type === 'startWorkflow' && action.args, [{ minAgeMinutes: 15, mode: 'report' }]);
  });

  it('leave the sweep out when it is off, and bring it back', async () => {
    await ensureSchedules(client, { ...times, orphanSweep: 'off' });
    await assert.rejects(sweep().describe(), ScheduleNotFoundError);
    await ensureSchedules(client, { ...times, orphanSweep: 'off' });
    await ensureSchedules(client, times);
    assert.equal((await sweep().describe()).spec.intervals?.[0]?.every, 10 * 60_000);
  });

  it('stay paused when an operator paused them', async () => {
    await sweep().pause('looking into something');
    await ensureSchedules(client, times);
    const { state } = await sweep().describe();
    assert.equal(state.paused, true);
    assert.equal(state.note, 'looking into something');
  });
});
