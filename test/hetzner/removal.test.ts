import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actionErrors, faultsAt } from '../support/hetzner/faults.ts';
import { makeFirewall, makeServer } from '../support/hetzner/half-made.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { remainsIn } from '../support/hetzner/remains.ts';
import { living, newThing } from '../support/hetzner/state.ts';
import { installation, livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

describe('removal at Hetzner', () => {
  it('waits until a server that is being made can be removed, and its firewall after it', async (t) => {
    const { fake, provider } = await openWorld(t);
    makeServer(fake, installation, spec, { createTurns: 15 });
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
  });

  it('finds what lists do not show yet: a server that was ordered a moment ago', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { lagTurns: 40 } });
    makeServer(fake, installation, spec);
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('is not deceived by a firewall that is long gone and listed still', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { lagTurns: 40 } });
    const gone = makeFirewall(fake, installation, spec.workspaceId);
    Object.assign(gone, { bornAt: -100, goneAt: 0 });
    fake.state.clock = 20;
    makeServer(fake, installation, spec);
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('ends only when no list shows anything', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    fake.state.options.lagTurns = 40;
    fake.state.clock += 40;
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(await provider.listMachines(), []);
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
  });

  it('removes a server that somebody renamed, and one that bears the labels by mistake', async (t) => {
    const { fake, provider } = await openWorld(t);
    const server = makeServer(fake, installation, spec);
    server.name = 'renamed';
    const twin = { ...server, ...newThing(fake.state, 'twin', server.labels), firewalls: [] };
    fake.state.servers.set(twin.id, twin);
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('goes on where it was left: a firewall alone is removed, and is listed until then', async (t) => {
    const { fake, provider } = await openWorld(t);
    makeFirewall(fake, installation, spec.workspaceId);
    const left = await provider.listResources();
    assert.deepEqual(
      left.map(({ kind, workspaceId }) => [kind, workspaceId]),
      [['firewall', spec.workspaceId]],
    );
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(await provider.listResources(), []);
  });

  it('bars a creation that is under way somewhere else', async (t) => {
    const { fake, provider } = await openWorld(t);
    const other = openHetznerProvider(fake, installation);
    // The order arrives after the removal has ended.
    let removal: Promise<void> | undefined;
    fake.state.options.faultOf = ({ method, path }) => {
      if (method !== 'POST' || path !== '/servers' || removal) return undefined;
      removal = provider.removeMachine(spec.workspaceId, never);
      return { kind: 'cut', applied: false };
    };
    await assert.rejects(other.ensureMachine(spec, never), { type: 'ProviderUnavailable' });
    await removal;
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('and creation at the same time end with a whole server or none, and a removal after that with none', async (t) => {
    for (let turns = 0; turns < 12; turns += 1) {
      const { fake, provider } = await openWorld(t, { options: { actionTurns: turns % 4, lagTurns: turns } });
      const creation = provider.ensureMachine(spec, never).catch((error: { type: string }) => error.type);
      const removal = provider.removeMachine(spec.workspaceId, never);
      const [made] = await Promise.all([creation, removal]);
      if (typeof made === 'string') assert.equal(made, 'ProviderUnavailable');
      assert.ok(livingServers(fake).length <= 1);
      await provider.removeMachine(spec.workspaceId, never);
      assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
    }
  });

  it('asks again when Hetzner fails to delete a server', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    fake.state.options.actionErrorOf = actionErrors('delete_server', 2, 'disk exploded');
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('is not held up where the project may have no more firewalls', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { firewallLimit: 0 } });
    await assert.rejects(provider.ensureMachine(spec, never), { type: 'QuotaExceeded', message: /firewall limit/ });
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('is repeated by whoever asked for it when an answer is lost', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    fake.state.options.faultOf = faultsAt(/^DELETE /, 1, { kind: 'truncated', applied: true });
    await assert.rejects(provider.removeMachine(spec.workspaceId, never), { type: 'ProviderUnavailable' });
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(remainsIn(fake, installation, spec.workspaceId), []);
  });

  it('stops when it is told to give up', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    const giveUp = new AbortController();
    fake.state.options.faultOf = ({ method }) => {
      if (method !== 'DELETE') return undefined;
      giveUp.abort();
      return { kind: 'refuse', status: 423, code: 'locked' };
    };
    await assert.rejects(provider.removeMachine(spec.workspaceId, giveUp.signal), { name: 'AbortError' });
  });
});

describe('things of others in the same Hetzner project', () => {
  it('are never touched, seen, or taken for ours, however alike', async (t) => {
    const { fake, provider } = await openWorld(t);
    const alike = makeServer(fake, `${installation}-2`, spec);
    const bare = newThing(fake.state, 'web-1', { 'io.pawl.workspace': spec.workspaceId });
    fake.state.servers.set(bare.id, { ...alike, ...bare });
    await provider.ensureMachine(spec, never);
    await provider.removeMachine(spec.workspaceId, never);
    await provider.removeUnused?.(new Date(Date.now() + 1000), never);
    assert.deepEqual(
      livingServers(fake).map(({ id }) => id),
      [alike.id, bare.id],
    );
    assert.equal(living(fake.state.firewalls).length, 1);
    assert.deepEqual(await provider.listResources(), []);
  });

  it('that have our name without our labels are left alone, and said to be in the way', async (t) => {
    const { fake, provider } = await openWorld(t);
    const stranger = makeServer(fake, installation, spec);
    stranger.labels = {};
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'ProviderRefused',
      message: /"pawl-pawl-3f9a1c2b-ws-k3x9a1" exists, but bears other labels/,
    });
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
    assert.deepEqual(livingServers(fake), [stranger]);
  });

  it('are not shown by a filter that lets too much through', async (t) => {
    const { fake, provider } = await openWorld(t);
    makeServer(fake, 'somebody-else', spec);
    fake.state.options.filtersLabels = false;
    assert.deepEqual(await provider.listMachines(), []);
    assert.deepEqual(await provider.listResources(), []);
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
  });
});
