/** The upkeep schedules, on a real server. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, type Connection, type ScheduleHandle } from '@temporalio/client';
import { openSupervisor, type Supervisor } from '../../engine/supervisor/supervisor.ts';
import { ensureSchedules } from '../../workers/schedules.ts';
import { embeddedTemporal } from '../support/embedded-temporal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const times = { orphanSweepMinutes: 10, orphanAgeMinutes: 15, retentionDays: 30, blobRetentionDays: 30 };

describe('the upkeep schedules', () => {
  const cleanup = new AsyncDisposableStack();
  let client: Client;
  before(async () => {
    const folder = cleanup.use(await temporaryFolder());
    const server = await embeddedTemporal(folder.path);
    const supervisor: Supervisor = await openSupervisor(folder.path, () => undefined);
    cleanup.defer(() => supervisor.stop());
    await supervisor.start(server.definition);
    const connection: Connection = await server.connect();
    cleanup.defer(() => connection.close());
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

  it('stay paused when an operator paused them', async () => {
    await sweep().pause('looking into something');
    await ensureSchedules(client, times);
    const { state } = await sweep().describe();
    assert.equal(state.paused, true);
    assert.equal(state.note, 'looking into something');
  });
});
