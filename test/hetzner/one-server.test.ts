import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { actionErrors, faultsAt } from '../support/hetzner/faults.ts';
import type { Fault } from '../support/hetzner/faults.ts';
import { makeServer } from '../support/hetzner/half-made.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { installation, livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

/** Orders whose answer never arrived, though they were carried out. */
const lostAnswers: [string, Fault][] = [
  ['the connection broke', { kind: 'cut', applied: true }],
  ['the answer was HTML', { kind: 'html', applied: true }],
  ['the answer broke off', { kind: 'truncated', applied: true }],
];

describe('one server for a workspace at Hetzner', () => {
  for (const [what, fault] of lostAnswers) {
    it(`is all there is when a server was ordered and ${what}`, async (t) => {
      const { fake, provider } = await openWorld(t);
      fake.state.options.faultOf = faultsAt(/^POST \/servers$/, 1, fault);
      await assert.rejects(provider.ensureMachine(spec, never), { type: 'ProviderUnavailable' });
      const machine = await provider.ensureMachine(spec, never);
      assert.deepEqual(orders(fake.calls), 1);
      assert.deepEqual(idsOf(fake), [machine.providerId]);
    });
  }

  for (const what of ['firewalls', 'ssh_keys']) {
    it(`has one of each of its ${what} when they were made and the answer was lost`, async (t) => {
      const { fake, provider } = await openWorld(t);
      fake.state.options.faultOf = faultsAt(new RegExp(`^POST /${what}$`), 1, { kind: 'cut', applied: true });
      await assert.rejects(provider.ensureMachine(spec, never), { type: 'ProviderUnavailable' });
      await provider.ensureMachine(spec, never);
      assert.equal(fake.state.firewalls.size + fake.state.sshKeys.size, 2);
    });
  }

  it('is found though lists do not show it yet', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { lagTurns: 25 } });
    fake.state.options.faultOf = faultsAt(/^POST \/servers$/, 1, { kind: 'cut', applied: true });
    await assert.rejects(provider.ensureMachine(spec, never), { type: 'ProviderUnavailable' });
    const machine = await provider.ensureMachine(spec, never);
    assert.deepEqual(idsOf(fake), [machine.providerId]);
  });

  it('is seen by its id though lists do not show it yet, and only until it is gone', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { lagTurns: 1_000_000 } });
    const { providerId } = await provider.ensureMachine(spec, never);
    assert.equal(await provider.findMachine(spec.workspaceId), undefined);
    assert.equal((await provider.findMachine(spec.workspaceId, providerId))?.state, 'running');
    for (const server of livingServers(fake)) server.goneAt = fake.state.clock;
    assert.equal(await provider.findMachine(spec.workspaceId, providerId), undefined);
  });

  it('is made by one of many who want it at the same time, while lists lag', async (t) => {
    const { fake } = await openWorld(t, { options: { lagTurns: 30 } });
    const workers = Array.from({ length: 4 }, () => openHetznerProvider(fake, installation));
    const machines = await Promise.all(workers.map((worker) => worker.ensureMachine(spec, never)));
    assert.equal(new Set(machines.map(({ providerId }) => providerId)).size, 1);
    assert.equal(livingServers(fake).length, 1);
  });

  it('is not started again once it ran and was switched off', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    for (const server of livingServers(fake)) server.status = 'off';
    assert.equal((await provider.ensureMachine(spec, never)).state, 'stopped');
    assert.equal((await provider.findMachine(spec.workspaceId))?.state, 'stopped');
  });

  it('is made anew when an earlier creation failed, of which nothing is left', async (t) => {
    const { fake, provider } = await openWorld(t);
    const failed = makeServer(fake, installation, spec, { error: { code: 'server_error', message: 'broke' } });
    const machine = await provider.ensureMachine(spec, never);
    assert.deepEqual(idsOf(fake), [machine.providerId]);
    assert.notEqual(machine.providerId, String(failed.id));
  });

  it('fails with the action’s own words when it could not be made, and leaves none behind', async (t) => {
    const { fake, provider } = await openWorld(t);
    fake.state.options.actionErrorOf = actionErrors('create_server', 1, 'disk exploded');
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'ProviderUnavailable',
      message: /create_server failed: disk exploded/,
    });
    assert.deepEqual(idsOf(fake), []);
  });

  it('is started by the next try when it was made and its start failed', async (t) => {
    const { fake, provider } = await openWorld(t);
    fake.state.options.actionErrorOf = actionErrors('start_server', 2, 'no power');
    await assert.rejects(provider.ensureMachine(spec, never), {
      type: 'ProviderUnavailable',
      message: /start_server failed: no power/,
    });
    assert.equal((await provider.ensureMachine(spec, never)).state, 'running');
    assert.equal(orders(fake.calls), 1);
  });

  it('is waited for by Hetzner’s own progress, which the log tells', async (t) => {
    const { fake, provider, log } = await openWorld(t, { options: { actionTurns: 40 } });
    const machine = await provider.ensureMachine(spec, never);
    assert.equal(machine.state, 'running');
    const percents = log.flatMap(({ fields }) => ('percent' in fields ? [Number(fields.percent)] : []));
    assert.ok(percents.length > 10 && percents.includes(100));
    assert.ok(fake.calls.some((call) => call.startsWith('GET /actions/')));
  });

  it('is not fought for: a creation whose server is removed meanwhile fails, and makes none anew', async (t) => {
    const { fake, provider } = await openWorld(t);
    fake.state.options.faultOf = ({ method, path }) => {
      if (method === 'GET' && /^\/actions\/\d+$/.test(path)) for (const one of livingServers(fake)) one.goneAt = 0;
      return undefined;
    };
    await assert.rejects(provider.ensureMachine(spec, never), { type: 'ProviderUnavailable', message: /vanished/ });
    assert.equal(orders(fake.calls), 1);
  });
});

function idsOf(fake: Parameters<typeof livingServers>[0]): string[] {
  return livingServers(fake).map(({ id }) => String(id));
}

function orders(calls: string[]): number {
  return calls.filter((call) => call === 'POST /servers').length;
}
