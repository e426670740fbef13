import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { WorkspaceCreated, WorkspaceDetails, WorkspacePage } from '../../api/answers.ts';
import { until } from '../../engine/until.ts';
import { openControlPlane, type ControlPlane } from '../support/control-plane.ts';
import { readMachines } from '../support/scripted-provider.ts';

describe('workspaces over HTTP', () => {
  let plane: ControlPlane;
  before(async () => void (plane = await openControlPlane()));
  after(() => plane[Symbol.asyncDispose]());

  async function listed(query = ''): Promise<WorkspacePage> {
    return WorkspacePage.parse((await plane.api.call('GET', `/vms${query}`)).body);
  }

  it('are created with exactly the promised fields, and the credentials beside them', async () => {
    const { answer, id } = await plane.create({ repoUrl: 'https://git.test/group/hello.git', branch: 'main' });
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get('location'), `/vms/${id}`);
    const created = WorkspaceCreated.strict().parse(answer.body);
    assert.equal(created.name, 'hello');
    assert.equal(created.size, 'medium');
    assert.equal(created.hostname, `ui.${id}.vm.localhost`);
    assert.match(created.credentials.password, /^[\w-]{24}$/);
    const [entry] = await plane.api.store.audit.list({ subject: `workspace:${id}`, limit: 10 });
    assert.equal(entry?.action, 'workspace.create');
    assert.equal(entry.requestId, answer.headers.get('x-request-id'));
  });

  it('show the same moment of creation in the answer, alone and in the list', async () => {
    const { answer, id } = await plane.create();
    await until('the list has it', async () => (await listed()).workspaces.some((one) => one.id === id));
    const { createdAt } = (await listed()).workspaces.find((one) => one.id === id)!;
    assert.equal(createdAt, answer.body['createdAt']);
    assert.equal((await plane.state(id))['createdAt'], answer.body['createdAt']);
  });

  it('become running with the reports of the machine, and show their address alone and in the list', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    const state = WorkspaceDetails.strict().parse(await plane.state(created.id));
    assert.equal(state.accessUrl, readMachineUrl(created.id, state.accessUrl));
    assert.equal(state.idle?.state, 'idle');
    const shown = async () => (await listed('?status=running')).workspaces.find(({ id }) => id === created.id);
    await until('the list shows the address', async () => (await shown())?.accessUrl === state.accessUrl);
  });

  function readMachineUrl(id: string, accessUrl: string | null): string | null {
    const machine = readMachines(plane.cloud).find(({ workspaceId }) => workspaceId === id);
    return machine && accessUrl?.startsWith(`https://${machine.hostname}:`) ? accessUrl : 'no machine';
  }

  it('have a memo that the Temporal Web UI can show: nothing in it is null', async () => {
    const { id } = await plane.create();
    const { memo } = await plane.temporal.workflow.getHandle(`workspace:${id}`).describe();
    assert.deepEqual(Object.keys(memo ?? {}).sort(), ['createdAt', 'hostname', 'name', 'provider', 'repoUrl', 'size']);
  });

  it('come in pages by an opaque cursor, each workspace once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => plane.create()));
    await until('the list has them all', async () => {
      const ids = (await pages('?limit=2')).flatMap(({ workspaces }) => workspaces.map(({ id }) => id));
      assert.equal(new Set(ids).size, ids.length, 'a workspace came twice');
      return made.every(({ id }) => ids.includes(id));
    });
    for (const { count } of await pages('?limit=2')) assert.ok(count <= 2);
  });

  async function pages(query: string): Promise<WorkspacePage[]> {
    const all = [await listed(query)];
    for (let cursor = all[0]!.nextCursor; cursor !== null; cursor = all.at(-1)!.nextCursor) {
      all.push(await listed(`${query}&cursor=${cursor}`));
    }
    return all;
  }

  it('refuse a cursor that was not given out', async () => {
    await Promise.all([plane.create(), plane.create()]);
    await until('there are two pages', async () => (await listed('?limit=1')).nextCursor !== null);
    const { nextCursor } = await listed('?limit=1');
    const otherStart = nextCursor?.startsWith('A') ? 'B' : 'A';
    const forged = ['bm9uc2Vuc2U', 'AAAA', '', `${otherStart}${nextCursor?.slice(1)}`, `${nextCursor}AAAA`];
    for (const query of [...forged.map((cursor) => `cursor=${cursor}`), `cursor=${nextCursor}&status=running`]) {
      const { status, body } = await plane.api.call('GET', `/vms?${query}`);
      assert.deepEqual([status, body['error']], [400, 'invalid_cursor'], query);
    }
  });

  it('are stopped by DELETE, also while they are created, and nothing is left', async () => {
    const created = await plane.create();
    const stopped = await plane.api.call('DELETE', `/vms/${created.id}`);
    assert.equal(stopped.status, 200);
    assert.deepEqual([stopped.body['id'], stopped.body['status']], [created.id, 'stopping']);
    await plane.reaches(created.id, 'stopped');
    assert.ok(!readMachines(plane.cloud).some(({ workspaceId }) => workspaceId === created.id));

    const state = WorkspaceDetails.strict().parse(await plane.state(created.id));
    assert.deepEqual([state.stopReason, state.accessUrl, state.idle], ['requested', null, null]);
    const again = await plane.api.call('DELETE', `/vms/${created.id}`);
    assert.deepEqual([again.status, again.body['error']], [409, 'workspace_already_stopped']);
    const extended = await plane.api.call('POST', `/vms/${created.id}/extend`, { body: { minutes: 5 } });
    assert.deepEqual([extended.status, extended.body['error']], [409, 'workspace_already_stopped']);
  });

  it('that never were are a 404 in every way', async () => {
    const id = 'ws-zzzzzz';
    const tries = [
      await plane.api.call('GET', `/vms/${id}`),
      await plane.api.call('DELETE', `/vms/${id}`),
      await plane.api.call('GET', `/vms/${id}/events`),
      await plane.api.call('GET', `/vms/${id}/credentials`),
      await plane.api.call('POST', `/vms/${id}/extend`, { body: { minutes: 5 } }),
    ];
    for (const { status, body } of tries) assert.deepEqual([status, body['error']], [404, 'workspace_not_found']);
  });

  it('are kept alive on request, and say until when', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    const { status, body } = await plane.api.call('POST', `/vms/${created.id}/extend`, { body: { minutes: 600 } });
    assert.equal(status, 200);
    const hours = (Date.parse(String(body['shutdownAt'])) - Date.now()) / 3_600_000;
    assert.ok(hours > 9.9 && hours < 10.1, `${hours} h`);
    assert.equal(((await plane.state(created.id))['idle'] as { shutdownAt: string }).shutdownAt, body['shutdownAt']);
  });

  it('give their credentials to the owner while they live, each look written down', async () => {
    const { id, answer } = await plane.create();
    const look = await plane.api.call('GET', `/vms/${id}/credentials`);
    assert.deepEqual(look.body, answer.body['credentials']);
    assert.equal(look.headers.get('cache-control'), 'no-store');
    const entries = await plane.api.store.audit.list({ subject: `workspace:${id}`, limit: 10 });
    assert.equal(entries.filter(({ action }) => action === 'credentials.read').length, 1);

    await plane.api.call('DELETE', `/vms/${id}`);
    await plane.reaches(id, 'stopped');
    const gone = await plane.api.call('GET', `/vms/${id}/credentials`);
    assert.deepEqual([gone.status, gone.body['error']], [410, 'credentials_gone']);
  });

  it('say what they wait for while the provider is away, and go on when it is back', async () => {
    let isAway = true;
    plane.script.before = (call) => {
      if (isAway && call === 'ensureMachine') throw new Error('the cloud is away');
    };
    const created = await plane.create();
    let what = '';
    await until('it says why', async () => {
      const waitingFor = (await plane.state(created.id))['waitingFor'] as { what: string } | null;
      what = waitingFor?.what ?? '';
      return what.includes('the cloud is away');
    });
    assert.match(what, /^ensureMachine to succeed; failed \d+ times/);
    isAway = false;
    await plane.makeRunning(created);
    delete plane.script.before;
  });

  it('that an operator ended from outside are shown as failed, alone and by status', async () => {
    const created = await plane.create();
    await plane.makeRunning(created);
    await plane.temporal.workflow.getHandle(`workspace:${created.id}`).terminate('by hand');
    const state = WorkspaceDetails.strict().parse(await plane.state(created.id));
    assert.deepEqual([state.status, state.name, state.accessUrl], ['failed', 'hello', null]);
    const isListed = async (status: string) =>
      (await listed(`?status=${status}`)).workspaces.some(({ id }) => id === created.id);
    await until('it is among the failed', () => isListed('failed'));
    assert.equal(await isListed('running'), false);
  });

  it('answer 503 while no worker is there, lose nothing, and list all the same', { timeout: 60_000 }, async () => {
    const before = await plane.create();
    await plane.makeRunning(before);
    await plane.stopWorker();
    const { status, body } = await plane.api.call('GET', `/vms/${before.id}`);
    assert.deepEqual([status, body['error']], [503, 'worker_unavailable']);
    const stop = await plane.api.call('DELETE', `/vms/${before.id}`);
    assert.deepEqual([stop.status, stop.body['error']], [503, 'worker_unavailable']);
    const accepted = await plane.create();
    assert.ok((await listed('?status=running')).workspaces.some(({ id }) => id === before.id));

    await plane.startWorker();
    await plane.makeRunning(accepted);
    // The server kept the wish to stop, though its caller was told to ask again.
    await plane.reaches(before.id, 'stopped');
  });
});
