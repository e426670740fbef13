/** The net below the lifecycle: what no living workspace owns goes, and nothing else. */
import assert from 'node:assert/strict';
import { readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { failure } from '../../activities/failures.ts';
import { blobPrefixOf } from '../../workflows/contract/blobs.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import type { retention, RetentionRequest } from '../../workflows/upkeep/retention.ts';
import { eventually } from '../support/eventually.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

describe('the orphan sweep', () => {
  let house: LifecycleHouse;
  let sweeps = 0;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  /** Awaits the end before the result: time skips while a result is awaited, and workspaces must not grow old here. */
  async function sweep(minAgeMinutes: number): ReturnType<typeof orphanSweep> {
    const handle = await house.env.client.workflow.start<typeof orphanSweep>('orphanSweep', {
      taskQueue: controlPlaneQueue,
      workflowId: `upkeep:orphanSweep:${(sweeps += 1)}`,
      args: [{ minAgeMinutes }],
    });
    await eventually(async () => (await handle.describe()).status.name !== 'RUNNING', 'the sweep has ended');
    return await handle.result();
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

    assert.deepEqual(
      swept.map(({ orphan: { kind, workspaceId }, removed }) => [kind, workspaceId, removed]),
      [
        ['machine', story.input.workspaceId, true],
        ['secrets', story.input.workspaceId, true],
      ],
    );
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
  });

  it('spares a workspace that lives', async () => {
    const story = await house.start();
    await story.becomesReady();

    assert.deepEqual(await sweep(0), []);

    assert.equal(story.machines().length, 1);
    assert.equal((await story.secrets()).length, 2);
    await story.stop();
    await story.ends();
  });

  it('spares what is young: it may be being made at this moment', async () => {
    const story = await orphan();
    assert.deepEqual(await sweep(15), []);
    assert.equal(story.machines().length, 1);
    await sweep(0);
  });

  it('removes secrets whose workspace never began', async () => {
    const names = workspaceSecretNames('ws-000000');
    await house.store.secrets.ensure(names.password, 'left by a crash between the secrets and the start');
    const swept = await sweep(0);
    assert.deepEqual(swept, [{ orphan: { kind: 'secrets', workspaceId: 'ws-000000' }, removed: true }]);
    assert.equal(await house.store.secrets.read(names.password), undefined);
  });

  it('removes nothing while the provider cannot list everything', async () => {
    const story = await orphan();
    house.script.before = (call) => {
      if (call === 'listMachines') throw failure('ProviderRefused', 'a part of the list is missing');
    };
    await assert.rejects(sweep(0));
    assert.equal(story.machines().length, 1);
    assert.equal((await story.secrets()).length, 2);
    house.script.before = () => undefined;
    await sweep(0);
  });

  it('removes nothing while Temporal cannot tell who lives', async () => {
    const story = await orphan();
    house.isLive = () => Promise.reject(failure('ProviderRefused', 'Temporal is away'));
    await assert.rejects(sweep(0));
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
      swept.map(({ removed }) => removed),
      [false, false],
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

  function startRetention(request: RetentionRequest): Promise<WorkflowHandleWithFirstExecutionRunId<typeof retention>> {
    return house.env.client.workflow.start<typeof retention>('retention', {
      taskQueue: controlPlaneQueue,
      workflowId: `upkeep:retention:${(runs += 1)}`,
      args: [request],
    });
  }

  async function forget(request: RetentionRequest): Promise<Record<string, number>> {
    return await (await startRetention(request)).result();
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
    const kept = { streams: 0, callbacks: 0, idempotencyKeys: 0, blobGroups: 0, unfinished: 0 };
    assert.deepEqual(await forget({ days: 1, blobDays: 1 }), kept);
    assert.equal((await house.store.events.read('workspace:ws-000000', { after: 0, limit: 10 })).length, 1);
    assert.ok(await house.blobs.get('run/run-young/file'));
  });

  it('goes on as before where it was scheduled before there were blobs', async () => {
    assert.deepEqual(await forget({ days: 1 }), { streams: 0, callbacks: 0, idempotencyKeys: 0 });
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

  it('spares the old blobs of a workflow that lives', async () => {
    const story = await house.start();
    await story.becomesReady();
    const key = `${blobPrefixOf(story.handle.workflowId)}file`;
    await putBlob(key, 1_000);
    // Time skips while a result is awaited, and the workspace must not grow old: so this one is awaited by its status.
    const handle = await startRetention({ days: 30, blobDays: 30 });
    await eventually(async () => (await handle.describe()).status.name === 'COMPLETED', 'it has ended');
    assert.ok(await house.blobs.get(key));
    await story.handle.terminate('by an operator');
    assert.equal((await forget({ days: 30, blobDays: 30 }))['blobGroups'], 1);
    assert.equal(await house.blobs.get(key), undefined);
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
