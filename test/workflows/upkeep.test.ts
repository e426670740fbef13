/** The net below the lifecycle: what no living workspace owns goes, and nothing else. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import type { retention } from '../../workflows/upkeep/retention.ts';
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
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('keeps what is younger than the days that were set', async () => {
    await house.store.events.append('workspace:ws-000000', [{ key: 'one', type: 'test', data: {} }]);
    const forgotten = await house.env.client.workflow.execute<typeof retention>('retention', {
      taskQueue: controlPlaneQueue,
      workflowId: 'upkeep:retention',
      args: [{ days: 1 }],
    });
    assert.deepEqual(forgotten, { streams: 0, modelCalls: 0, idempotencyKeys: 0 });
    assert.equal((await house.store.events.read('workspace:ws-000000', { after: 0, limit: 10 })).length, 1);
  });
});
