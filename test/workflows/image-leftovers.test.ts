/** Builds that an operator ended from outside: what they leave is swept, and nothing that is of use. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { SweepMode, SweepReport } from '../../workflows/contract/upkeep.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import {
  buildersIn,
  openImageHouse,
  reachesStep,
  snapshotsIn,
  type BuildHandle,
  type ImageHouse,
} from '../support/hetzner/image-house.ts';
import { newThing, type FakeSnapshot } from '../support/hetzner/state.ts';
import { installation } from '../support/hetzner/world.ts';

describe('what builds of machine images leave', () => {
  let images: ImageHouse;
  let sweeps = 0;
  before(async () => void (images = await openImageHouse()));
  beforeEach(() => images.reset());
  after(async () => images[Symbol.asyncDispose]());

  async function sweep(minAgeMinutes = 0, mode: SweepMode = 'remove'): Promise<SweepReport> {
    return await images.house.client.workflow.execute<typeof orphanSweep>('orphanSweep', {
      taskQueue: controlPlaneQueue,
      workflowId: `upkeep:orphanSweep:${(sweeps += 1)}`,
      args: [{ minAgeMinutes, mode }],
    });
  }

  /** A build that installs and does not come to an end. */
  async function installing(): Promise<BuildHandle> {
    images.fake.state.options.poweroffTurnsOf = () => undefined;
    const handle = await images.start();
    await reachesStep(handle, 'install');
    return handle;
  }

  it('is a resource that costs, and belongs to no workspace', async () => {
    const handle = await installing();
    await images.house.activities.readResources({ provider: 'hetzner' });
    const [reading] = await images.house.store.resources.list();
    const rows = reading?.resources as { kind: string; name: string; workspaceId: null; hourlyPrice: object | null }[];
    const [server] = rows.filter(({ kind }) => kind === 'server');
    assert.match(server?.name ?? '', new RegExp(`^pawl-${installation}-image-[0-9a-f]{8}$`));
    assert.deepEqual([server?.workspaceId, server?.hourlyPrice], [null, { micros: 7400, currency: 'EUR' }]);
    await handle.cancel();
    await handle.result();
  });

  it('is spared while a build lives, and while it is young', async () => {
    const handle = await installing();
    assert.deepEqual((await sweep()).orphans, []);
    assert.equal(buildersIn(images.fake).length, 2);
    await handle.terminate('by an operator');
    assert.deepEqual((await sweep(15)).orphans, []);
    assert.equal(buildersIn(images.fake).length, 2);
    await sweep();
  });

  it('goes once no build lives: the builder, its firewall, and the key when nothing else needs it', async () => {
    await (await installing()).terminate('by an operator');
    const reported = await sweep(0, 'report');
    assert.deepEqual(kindsOf(reported), ['firewall', 'server']);
    assert.equal(buildersIn(images.fake).length, 2);

    assert.deepEqual(kindsOf(await sweep()), ['firewall', 'server', 'ssh-key']);
    assert.deepEqual(buildersIn(images.fake), []);
    assert.deepEqual((await sweep()).orphans, []);
    assert.deepEqual(images.proxy.violations, []);
  });

  it('is not removed while Temporal cannot tell whether a build lives', async () => {
    await (await installing()).terminate('by an operator');
    images.house.isWorkflowLive = () => Promise.reject(failure('ProviderRefused', 'Temporal is away'));
    assert.deepEqual((await sweep()).orphans, []);
    assert.equal(buildersIn(images.fake).length, 2);
    images.house.isWorkflowLive = undefined;
    await sweep();
    assert.deepEqual(buildersIn(images.fake), []);
  });

  it('can be a snapshot that was finished: the newest is kept, those that it supersedes go', async () => {
    const older = addSnapshot('2026-01-01T00:00:00Z', 'available');
    const newest = addSnapshot('2026-02-01T00:00:00Z', 'available');
    const broken = addSnapshot('2026-03-01T00:00:00Z', 'unavailable');
    const theirs = addSnapshot('2025-01-01T00:00:00Z', 'available', 'another-installation');
    const swept = await sweep();
    assert.deepEqual(swept.orphans.flatMap(({ things }) => things.map(({ id }) => Number(id))).toSorted(), [
      older,
      broken,
    ]);
    assert.deepEqual(
      snapshotsIn(images.fake).map(({ id }) => id),
      [newest, theirs],
    );
  });

  it('may be protected by the operator, and stays then', async () => {
    const older = addSnapshot('2026-01-01T00:00:00Z', 'available');
    addSnapshot('2026-02-01T00:00:00Z', 'available');
    const kept = images.fake.state.snapshots.get(older);
    assert.ok(kept);
    kept.isProtected = true;
    assert.deepEqual((await sweep()).orphans, []);
    assert.equal(snapshotsIn(images.fake).length, 2);
  });

  function addSnapshot(created: string, status: FakeSnapshot['status'], owner = installation): number {
    const { state } = images.fake;
    const labels = { 'io.pawl.installation': owner, 'io.pawl.recipe': 'whatever' };
    const snapshot = { ...newThing(state, 'pawl', labels), created, status, architecture: 'x86' as const };
    state.snapshots.set(snapshot.id, { ...snapshot, sizeGb: 2, diskGb: 40 });
    return snapshot.id;
  }
});

function kindsOf({ orphans }: SweepReport): string[] {
  return orphans.flatMap(({ things }) => things.map(({ kind }) => kind)).toSorted();
}
