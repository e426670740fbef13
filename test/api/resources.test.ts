import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { ResourceLedger } from '../../api/resource-answers.ts';
import { until } from '../../engine/until.ts';
import { workspaceWorkflowId } from '../../workflows/contract/workspace.ts';
import { openApi } from '../support/api.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { createScriptedProvider, shareKey } from '../support/scripted-provider.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('the ledger of resources', () => {
  const cleanup = new AsyncDisposableStack();
  let plane: ControlPlane;
  let elsewhere: string;
  before(async () => {
    elsewhere = path.join(cleanup.use(await temporaryFolder()).path, 'elsewhere');
    const connectTo = { host: '127.0.0.1', port: 1 };
    plane = await openControlPlane({}, [createScriptedProvider({ id: 'elsewhere', folder: elsewhere, connectTo })]);
    cleanup.use(plane);
    plane.script.prices = () => ({ hourlyPrice: { micros: 9_600, currency: 'EUR' } });
  });
  after(() => cleanup.disposeAsync());

  async function ledger(): Promise<ResourceLedger> {
    const { status, body, text } = await plane.api.call('GET', '/resources');
    assert.equal(status, 200, text);
    return ResourceLedger.parse(body);
  }

  it('tells whose a thing is, what it costs, and when it goes', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    const { resources, unreadable } = await ledger();
    assert.deepEqual(unreadable, []);
    const [server] = resources.filter(({ workspace }) => workspace?.id === created.id);
    const { idle, expiresAt, providerId } = await plane.state(created.id);
    assert.deepEqual(
      [server?.provider, server?.kind, server?.id, server?.hourlyPrice, server?.currency, server?.orphan],
      ['scripted', 'server', providerId, '0.0096', 'EUR', false],
    );
    const { shutdownAt } = idle as { shutdownAt: string };
    assert.deepEqual(server?.workspace, { id: created.id, status: 'running', shutdownAt, expiresAt });
    assert.equal(server?.sweptAt, null);
    await plane.api.call('DELETE', `/vms/${created.id}`);
    await plane.reaches(created.id, 'stopped');
    assert.deepEqual((await ledger()).resources, []);
  });

  it('tells what is left without a living workspace, and which sweep takes it', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    await plane.temporal.workflow.getHandle(workspaceWorkflowId(created.id)).terminate('by an operator');
    const { resources } = await ledger();
    const left = resources.find(({ workspace }) => workspace?.id === created.id);
    assert.deepEqual([left?.orphan, left?.workspace?.status], [true, 'failed']);
    const minutes = (Date.parse(String(left?.sweptAt)) - Date.parse(String(left?.createdAt))) / 60_000;
    assert.ok(minutes > 15 && minutes <= 25, `${minutes} minutes`);

    const schedule = plane.temporal.schedule.getHandle('orphan-sweep');
    await schedule.pause();
    const again = (await ledger()).resources.find(({ workspace }) => workspace?.id === created.id);
    assert.equal(again?.sweptAt, null);
    await schedule.unpause();
  });

  it('tells what nobody in particular owns', async () => {
    shareKey(elsewhere, 'key-1');
    const shared = (await ledger()).resources.find(({ id }) => id === 'key-1');
    assert.deepEqual([shared?.workspace, shared?.orphan, shared?.hourlyPrice], [null, false, null]);
  });

  it('names a provider that cannot be read, and shows the others', async () => {
    shareKey(elsewhere, 'key-1');
    plane.script.before = (call) => {
      if (call === 'listResources') throw failure('ProviderUnavailable', 'connection refused');
    };
    const { resources, unreadable } = await ledger();
    assert.deepEqual(unreadable, [{ provider: 'scripted', reason: 'connection refused' }]);
    assert.ok(resources.some(({ id }) => id === 'key-1'));
    assert.ok(!resources.some(({ provider }) => provider === 'scripted'));
    plane.script.before = () => undefined;
  });

  it('is one reading for all who ask at once', async (context) => {
    let reads = 0;
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    plane.script.before = async (call) => {
      if (call !== 'listResources') return;
      reads += 1;
      await answer;
    };
    const starts = context.mock.method(plane.temporal.workflow, 'start');
    const asked = Array.from({ length: 5 }, () => ledger());
    await until('all have asked', () => starts.mock.callCount() === 5);
    await Promise.all(starts.mock.calls.map(({ result }) => result as Promise<unknown>));
    release();
    await Promise.all(asked);
    assert.equal(reads, 1);
    plane.script.before = () => undefined;
  });

  it('says that no worker reads', { timeout: 60_000 }, async () => {
    await plane.stopWorker();
    const { status, body } = await plane.api.call('GET', '/resources');
    assert.deepEqual([status, body['error']], [503, 'worker_unavailable']);
    await plane.startWorker();
  });

  it('says that Temporal is away', async () => {
    await using api = await openApi();
    const { status, body } = await api.call('GET', '/resources');
    assert.deepEqual([status, body['error']], [503, 'temporal_unavailable']);
  });

  it('is for the owner only', async () => {
    assert.equal((await plane.api.call('GET', '/resources', { token: null })).status, 401);
  });
});
