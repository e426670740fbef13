/** The net below the lifecycle: what no living workspace owns goes, and nothing else. */
import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { DoorPolicy } from '../../store/door-policy.ts';
import type { SweepMode, SweepReport } from '../../workflows/contract/upkeep.ts';
import { blobPrefixOf } from '../../workflows/contract/blobs.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { sessionWorkflowId } from '../../workflows/contract/session.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import type { retention, RetentionRequest } from '../../workflows/upkeep/retention.ts';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import { createScriptedProvider, shareKey } from '../support/scripted-provider.ts';
import type { Story } from '../support/story.ts';

describe('the orphan sweep', () => {
  let house: LifecycleHouse;
  let sweeps = 0;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  /** In the time that is: workspaces must not grow old here. */
  async function sweep(minAgeMinutes: number, mode: SweepMode = 'remove'): Promise<SweepReport> {
    return await house.client.workflow.execute<typeof orphanSweep>('orphanSweep', {
      taskQueue: controlPlaneQueue,
      workflowId: `upkeep:orphanSweep:${(sweeps += 1)}`,
      args: [{ minAgeMinutes, mode }],
    });
  }

  /** A workspace whose workflow an operator terminated: its machine and secrets stay behind. */
  async function orphan(): Promise<Story> {
    const story = await house.start();
    await story.reachesEvent('machine.created');
    await story.handle.terminate('by an operator');
    return story;
  }

  it('removes the machine and the secrets of a workspace that was terminated', async () => {
    const story = await orphan();

    const swept = await sweep(0);

    assert.deepEqual(outcomesOf(swept), [
      ['scripted', story.input.workspaceId, 'removed'],
      ['secrets', story.input.workspaceId, 'removed'],
    ]);
    assert.deepEqual(kindsOf(swept), ['firewall', 'secret', 'secret', 'server']);
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
    const entries = await house.store.audit.list({ subject: `workspace:${story.input.workspaceId}`, limit: 10 });
    assert.deepEqual(
      entries.map(({ actor, action, details }) => `${actor} ${action} ${String(details?.['place'])}`).toSorted(),
      ['orphan-sweep orphan.remove scripted', 'orphan-sweep orphan.remove secrets'],
    );
  });

  it('spares a workspace that lives', async () => {
    const story = await house.start();
    await story.becomesReady();

    assert.deepEqual((await sweep(0)).orphans, []);

    assert.equal(story.machines().length, 1);
    assert.equal((await story.secrets()).length, 2);
    await story.stop();
    await story.ends();
  });

  it('spares what is young: it may be being made at this moment', async () => {
    const story = await orphan();
    assert.deepEqual((await sweep(15)).orphans, []);
    assert.equal(story.machines().length, 1);
    await sweep(0);
  });

  it('removes secrets whose workspace never began', async () => {
    const names = workspaceSecretNames('ws-000000');
    await house.store.secrets.ensure(names.password, 'left by a crash between the secrets and the start');
    assert.deepEqual(outcomesOf(await sweep(0)), [['secrets', 'ws-000000', 'removed']]);
    assert.equal(await house.store.secrets.read(names.password), undefined);
  });

  it('removes nothing at a provider that cannot list everything, and says so; other places are swept', async () => {
    const story = await orphan();
    house.script.before = (call) => {
      if (call === 'listResources') throw failure('ProviderRefused', 'a part of the list is missing');
    };
    const { orphans, unreadable } = await sweep(0);
    assert.deepEqual(unreadable, [{ place: 'scripted', reason: 'a part of the list is missing' }]);
    assert.deepEqual(
      orphans.map(({ place, outcome }) => [place, outcome]),
      [['secrets', 'removed']],
    );
    assert.equal(story.machines().length, 1);
    house.script.before = () => undefined;
    await sweep(0);
    assert.deepEqual(story.machines(), []);
  });

  it('only tells what it would remove when it is to report', async () => {
    const story = await orphan();
    assert.deepEqual(outcomesOf(await sweep(0, 'report')), [
      ['scripted', story.input.workspaceId, 'reported'],
      ['secrets', story.input.workspaceId, 'reported'],
    ]);
    assert.equal(story.machines().length, 1);
    assert.equal((await story.secrets()).length, 2);
    await sweep(0);
  });

  it('goes on behind something that cannot be removed', async () => {
    const [first, second] = [await orphan(), await orphan()];
    house.script.before = (call, workspaceId) => {
      if (call === 'removeMachine' && workspaceId === first.input.workspaceId)
        throw failure('ProviderRefused', 'it is locked');
    };
    const { orphans } = await sweep(0);
    const failed = orphans.filter(({ outcome }) => outcome === 'failed');
    assert.deepEqual(
      failed.map(({ workspaceId, reason }) => [workspaceId, reason]),
      [[first.input.workspaceId, 'it is locked']],
    );
    assert.deepEqual([first.machines().length, second.machines().length], [1, 0]);
    house.script.before = () => undefined;
    await sweep(0);
    assert.deepEqual(first.machines(), []);
  });

  it('revokes certificates with the names, and leaves what other installations marked', async () => {
    const story = await house.start({ baseDomain: 'example.com' });
    await story.reachesEvent('name.published');
    await story.certify(await makeCertificateRequest());
    await story.handle.terminate('by an operator');
    const theirs = { name: '*.ws-000000.vm.example.com', comment: 'pawl other ws-000000' };
    const { id } = house.cloudflare.dns.add({ ...theirs, type: 'A', content: '192.0.2.1', ttl: 1 });

    await sweep(0);

    assert.deepEqual(
      house.cloudflare.dns.all().map((record) => record.id),
      [id],
    );
    assert.deepEqual(house.cloudflare.originCa.all(), []);
    house.cloudflare.dns.handle({ method: 'DELETE', path: '', query: new URLSearchParams(), body: undefined }, id);
  });

  it('takes back names, and removes the machine also while names cannot be read', async () => {
    const story = await house.start({ baseDomain: 'example.com' });
    await story.reachesEvent('name.published');
    await story.handle.terminate('by an operator');
    house.cloudflare.script = () => ({ answer: { status: 403 } });

    const first = await sweep(0);
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(
      first.unreadable.map(({ place }) => place),
      ['cloudflare'],
    );
    assert.equal(house.cloudflare.dns.all().length, 1);

    house.cloudflare.script = undefined;
    assert.deepEqual(outcomesOf(await sweep(0)), [['cloudflare', story.input.workspaceId, 'removed']]);
    assert.deepEqual(house.cloudflare.dns.all(), []);
  });

  it('removes what the installation shared once nothing uses it', async () => {
    const story = await orphan();
    shareKey(house.cloud, 'key-1');
    assert.ok(!(await sweep(0, 'report')).orphans.some(({ workspaceId }) => workspaceId === null), 'it is in use');
    assert.ok(!(await sweep(15)).orphans.some(({ workspaceId }) => workspaceId === null), 'it is young');
    const swept = await sweep(0);
    assert.deepEqual(outcomesOf(swept), [
      ['scripted', story.input.workspaceId, 'removed'],
      ['scripted', null, 'removed'],
      ['secrets', story.input.workspaceId, 'removed'],
    ]);
    assert.deepEqual((await sweep(0)).orphans, []);
    const [entry] = await house.store.audit.list({ subject: 'provider:scripted', limit: 10 });
    assert.deepEqual(entry?.details?.['things'], [{ kind: 'ssh-key', id: 'key-1' }]);
  });

  it('never touches what another installation has in the same account', async () => {
    const other = createScriptedProvider({
      ...{ folder: house.cloud, connectTo: house.terminal.connectTo },
      installation: 'pawl-test-2',
    });
    const spec = { workspaceId: 'ws-zzzzzz', size: 'small' as const, hostname: 'ui.test', userData: '' };
    await other.ensureMachine(spec, new AbortController().signal);
    shareKey(house.cloud, 'key-2', 'pawl-test-2');
    const story = await orphan();
    assert.deepEqual(
      (await sweep(0)).orphans.map(({ workspaceId }) => workspaceId),
      [story.input.workspaceId, story.input.workspaceId],
    );
    assert.deepEqual(
      (await other.listResources()).map(({ kind }) => kind),
      ['server', 'ssh-key'],
    );
    await other.removeMachine(spec.workspaceId, new AbortController().signal);
  });

  it('removes nothing while Temporal cannot tell who lives', async () => {
    const story = await orphan();
    house.isLive = () => Promise.reject(failure('ProviderRefused', 'Temporal is away'));
    const { orphans, unreadable } = await sweep(0);
    assert.deepEqual(orphans, []);
    assert.deepEqual(unreadable.map(({ place }) => place).toSorted(), ['scripted', 'secrets']);
    assert.equal(story.machines().length, 1);
    house.isLive = undefined;
    await sweep(0);
    assert.deepEqual(story.machines(), []);
  });

  it('leaves alone what came to life between the look and the removal', async () => {
    const story = await orphan();
    let looks = 0;
    house.isLive = async () => (looks += 1) > 2;
    const swept = await sweep(0);
    assert.deepEqual(
      swept.orphans.map(({ outcome }) => outcome),
      ['spared', 'spared'],
    );
    assert.equal(story.machines().length, 1);
    house.isLive = undefined;
    await sweep(0);
  });
});

describe('retention', () => {
  let house: LifecycleHouse;
  let runs = 0;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  function forget(request: RetentionRequest): Promise<Record<string, number>> {
    return house.client.workflow.execute<typeof retention>('retention', {
      taskQueue: controlPlaneQueue,
      workflowId: `upkeep:retention:${(runs += 1)}`,
      args: [request],
    });
  }

  async function putBlob(key: string, hoursAgo: number): Promise<void> {
    await house.blobs.put(key, Readable.from(['x']), { maxBytes: 1 });
    await makeOlder(path.join(house.folder, 'blobs/kept', key), hoursAgo);
  }

  async function makeOlder(file: string, hours: number): Promise<void> {
    const then = new Date(Date.now() - hours * 3_600_000);
    await utimes(file, then, then);
  }

  it('keeps what is younger than the days that were set', async () => {
    await house.store.events.append('workspace:ws-000000', [{ key: 'one', type: 'test', data: {} }]);
    await putBlob(`${blobPrefixOf('run:run-young')}file`, 0);
    const forgotten = await forget({ days: 1, blobDays: 1 });
    assert.deepEqual([...new Set(Object.values(forgotten))], [0]);
    assert.equal((await house.store.events.read('workspace:ws-000000', { after: 0, limit: 10 })).length, 1);
    assert.ok(await house.blobs.get('run/run-young/file'));
  });

  it('goes on as before where it was scheduled before there were blobs', async () => {
    assert.deepEqual(await forget({ days: 1 }), { streams: 0, callbacks: 0, modelCalls: 0, idempotencyKeys: 0 });
  });

  it('removes the old blobs of a run that has ended, unless one of them is young', async () => {
    await putBlob('run/run-old/one', 50);
    await putBlob('run/run-old/deep/two', 49);
    await putBlob('run/run-used/one', 50);
    await putBlob('run/run-used/two', 47);
    assert.equal((await forget({ days: 30, blobDays: 2 }))['blobGroups'], 1);
    assert.equal(await house.blobs.get('run/run-old/one'), undefined);
    assert.equal(await house.blobs.get('run/run-old/deep/two'), undefined);
    assert.ok(await house.blobs.get('run/run-used/one'));
  });

  it('spares the old blobs of a session that is remembered', async () => {
    const id = 'conversation-1';
    await house.store.sessions.ensure({ id, owner: 'owner', agent: 'claude', repository: null });
    const key = `${blobPrefixOf(sessionWorkflowId(id))}conversation.tar`;
    await putBlob(key, 1_000);
    await forget({ days: 30, blobDays: 30 });
    assert.ok(await house.blobs.get(key));
    await house.store.sessions.remove(id);
    await forget({ days: 30, blobDays: 30 });
    assert.equal(await house.blobs.get(key), undefined);
  });

  it('forgets a session that nobody used for long, and none that works or was prompted since', async (context) => {
    const { sessions } = house.store;
    const ensure = (id: string) => sessions.ensure({ id, owner: 'owner', agent: 'claude', repository: null });
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() - 25 * 3_600_000 });
    for (const id of ['left', 'at-work', 'prompted', 'prompted-meanwhile']) await ensure(id);
    context.mock.timers.reset();
    await ensure('prompted');
    house.isWorkflowLive = async (workflowId) => {
      if (workflowId === sessionWorkflowId('prompted-meanwhile')) await ensure('prompted-meanwhile');
      return workflowId === sessionWorkflowId('at-work');
    };
    assert.equal((await forget({ days: 30, blobDays: 1 }))['sessions'], 1);
    const left = (await sessions.list({ limit: 10 })).map(({ id }) => id);
    assert.deepEqual(left.toSorted(), ['at-work', 'prompted', 'prompted-meanwhile']);
    house.isWorkflowLive = undefined;
    for (const id of left) await sessions.remove(id);
  });

  it('spares the old blobs of a workflow that lives', async () => {
    const story = await house.start();
    await story.becomesReady();
    const key = `${blobPrefixOf(story.handle.workflowId)}file`;
    await putBlob(key, 1_000);
    assert.equal((await forget({ days: 30, blobDays: 30 }))['blobGroups'], 0);
    assert.ok(await house.blobs.get(key));
    await story.handle.terminate('by an operator');
    assert.equal((await forget({ days: 30, blobDays: 30 }))['blobGroups'], 1);
    assert.equal(await house.blobs.get(key), undefined);
  });

  it('removes credentials that came with a run which never was, and no others', async (context) => {
    const { credentials } = house.store;
    const value = { kind: 'git_token', token: 'a-token-of-the-test', username: 'x' } as const;
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() - 2 * 3_600_000 });
    for (const name of ['run-aaaaaaaaaa.git', 'run-livinglife.git', 'mine']) await credentials.put(name, value);
    context.mock.timers.reset();
    await credentials.put('run-bbbbbbbbbb.git', value);
    house.isWorkflowLive = async (workflowId) => workflowId === 'run:run-livinglife';
    assert.equal((await forget({ days: 30, blobDays: 30 }))['credentials'], 1);
    const left = (await credentials.list()).map(({ name }) => name);
    assert.deepEqual(left, ['mine', 'run-bbbbbbbbbb.git', 'run-livinglife.git']);
    house.isWorkflowLive = undefined;
  });

  it('removes the tokens of doors whose runs were ended from outside, and no others', async (context) => {
    const { doors } = house.store;
    const policy = DoorPolicy.parse({});
    const open = async (runId: string) => {
      await doors.open({ runId, hostId: 'a', policy });
      await doors.close(runId);
    };
    context.mock.timers.enable({ apis: ['Date'], now: Date.now() - 2 * 3_600_000 });
    for (const runId of ['run-aaaaaaaaaa', 'run-livinglife']) await open(runId);
    context.mock.timers.reset();
    await open('run-bbbbbbbbbb');
    house.isWorkflowLive = async (workflowId) => workflowId === 'run:run-livinglife';
    assert.equal((await forget({ days: 30, blobDays: 30 }))['doorTokens'], 1);
    const left = (await doors.listTokens()).map(({ runId }) => runId);
    assert.deepEqual(left.toSorted(), ['run-bbbbbbbbbb', 'run-livinglife']);
    house.isWorkflowLive = undefined;
  });

  it('removes what a killed writer left a day ago', async () => {
    const drafts = path.join(house.folder, 'blobs/drafts');
    await writeFile(path.join(drafts, 'old'), '');
    await writeFile(path.join(drafts, 'young'), '');
    await makeOlder(path.join(drafts, 'old'), 25);
    assert.equal((await forget({ days: 30, blobDays: 1 }))['unfinished'], 1);
    assert.deepEqual(await readdir(drafts), ['young']);
  });
});

/** Sorted by place: places are swept side by side. */
function outcomesOf({ orphans }: SweepReport): (string | null)[][] {
  const rows = orphans.map(({ place, workspaceId, outcome }) => [place, workspaceId, outcome]);
  return rows.toSorted((a, b) => String(a[0]).localeCompare(String(b[0])));
}

function kindsOf({ orphans }: SweepReport): string[] {
  return orphans.flatMap(({ things }) => things.map(({ kind }) => kind)).toSorted();
}
