import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { snapshotRecipe } from '../../hetzner-cloud/recipe.ts';
import { newThing } from '../support/hetzner/state.ts';
import type { FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { installation, livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

describe('prices at Hetzner', () => {
  it('are those of the server with its IPv4 address, by the hour and by the month, taxes included', async (t) => {
    const { provider } = await openWorld(t);
    const machine = await provider.ensureMachine(spec, never);
    assert.deepEqual(machine.hourlyPrice, { micros: 7400, currency: 'EUR' });
    assert.deepEqual(machine.monthlyPrice, { micros: 4_617_600, currency: 'EUR' });
  });

  it('are those of the server alone without IPv4, or where the API shows no others', async (t) => {
    for (const options of [{ hasIpv4: false }, { showsPricing: false }]) {
      const { provider } = await openWorld(t, { options });
      const machine = await provider.ensureMachine(spec, never);
      assert.deepEqual(machine.hourlyPrice, { micros: 6400, currency: 'EUR' });
    }
  });

  it('are told for each size', async (t) => {
    const { provider } = await openWorld(t, {
      environment: { HCLOUD_SIZES: 'small=cx23,medium=gone1|cx33,large=gone1' },
    });
    assert.deepEqual(await provider.sizes?.(), [
      { size: 'small', type: 'cx23', vcpu: 2, memoryGb: 4, diskGb: 40, hourlyPrice: { micros: 7400, currency: 'EUR' } },
      {
        size: 'medium',
        type: 'cx33',
        vcpu: 4,
        memoryGb: 8,
        diskGb: 80,
        hourlyPrice: { micros: 13000, currency: 'EUR' },
      },
    ]);
  });

  it('are told for everything that exists, snapshots by their size', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    addSnapshot(fake, 'r1', 'x86');
    const resources = await provider.listResources();
    assert.deepEqual(
      resources.map(({ kind, workspaceId, hourlyPrice }) => [kind, workspaceId, hourlyPrice?.micros ?? 0]),
      [
        ['server', spec.workspaceId, 7400],
        ['firewall', spec.workspaceId, 0],
        ['ssh-key', null, 0],
        ['snapshot', null, Math.round((10 * 0.0131 * 1e6) / 730)],
      ],
    );
  });
});

describe('snapshots at Hetzner', () => {
  it('are what a server is made of when there is one of today’s recipe, the newest first', async (t) => {
    const { fake, provider } = await openWorld(t);
    const recipe = snapshotRecipe('ubuntu-24.04');
    addSnapshot(fake, recipe, 'x86', '2026-01-01T00:00:00Z');
    const newest = addSnapshot(fake, recipe, 'x86', '2026-03-01T00:00:00Z');
    addSnapshot(fake, recipe, 'arm', '2026-04-01T00:00:00Z');
    addSnapshot(fake, 'outdated', 'x86', '2026-05-01T00:00:00Z');
    addSnapshot(fake, recipe, 'x86', '2026-06-01T00:00:00Z', 'another-installation');
    await provider.ensureMachine(spec, never);
    assert.deepEqual(
      livingServers(fake).map(({ image }) => image),
      [String(newest)],
    );
  });

  it('are no need: the plain image does as well', async (t) => {
    const { fake, provider } = await openWorld(t, { environment: { HCLOUD_IMAGE: 'debian-12' } });
    addSnapshot(fake, snapshotRecipe('ubuntu-24.04'), 'x86');
    await provider.ensureMachine(spec, never);
    assert.deepEqual(
      livingServers(fake).map(({ image }) => image),
      ['debian-12'],
    );
  });
});

function addSnapshot(
  { state }: FakeHetzner,
  recipe: string,
  architecture: 'x86' | 'arm',
  created = '2026-01-01T00:00:00Z',
  owner = installation,
): number {
  const labels = { 'io.pawl.installation': owner, 'io.pawl.recipe': recipe };
  const snapshot = { ...newThing(state, 'pawl', labels), status: 'available' as const, created, architecture };
  state.snapshots.set(snapshot.id, { ...snapshot, sizeGb: 10, diskGb: 40 });
  return snapshot.id;
}
