import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openHetznerApi } from '../../hetzner-cloud/client.ts';
import { faultsAt, tooManyRequests } from '../support/hetzner/faults.ts';
import type { Fault } from '../support/hetzner/faults.ts';
import { livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

describe('answers of Hetzner', () => {
  it('that ask for patience are obeyed: as long as they say, and a minute at most', async (t) => {
    const { fake, provider } = await openWorld(t);
    const waits: [Fault, number][] = [
      [tooManyRequests(20), 20_000],
      [tooManyRequests(3600), 60_000],
      [tooManyRequests(20, { 'retry-after': '7' }), 7_000],
    ];
    for (const [fault, waitMs] of waits) {
      fake.state.options.faultOf = faultsAt(/^GET \/servers$/, 1, fault);
      await assert.rejects(
        provider.findMachine(spec.workspaceId),
        (error: { type: string; nextRetryDelay: number }) => {
          assert.equal(error.type, 'ProviderUnavailable');
          // The clock of the answer counts whole seconds.
          assert.ok(Math.abs(error.nextRetryDelay - waitMs) <= 1000, String(error.nextRetryDelay));
          return true;
        },
      );
    }
  });

  const passing: [string, Fault][] = [
    ['are errors of Hetzner’s own', { kind: 'refuse', status: 500, code: 'server_error' }],
    ['say that the API is away', { kind: 'refuse', status: 503, code: 'unavailable' }],
    ['say that there is maintenance', { kind: 'refuse', status: 403, code: 'maintenance' }],
    ['are a page of HTML from something in between', { kind: 'html', applied: false }],
    ['are a page of HTML that claims success', { kind: 'html', applied: true }],
    ['break off in the middle', { kind: 'truncated', applied: true }],
    ['do not come, as the connection broke', { kind: 'cut', applied: false }],
  ];
  for (const [what, fault] of passing) {
    it(`that ${what} are worth another try`, async (t) => {
      const { fake, provider } = await openWorld(t);
      fake.state.options.faultOf = faultsAt(/^GET \/servers$/, 1, fault);
      await assert.rejects(provider.listMachines(), { type: 'ProviderUnavailable', nonRetryable: false });
      assert.deepEqual(await provider.listMachines(), []);
    });
  }

  const final: [string, Fault, RegExp][] = [
    ['unauthorized', { kind: 'refuse', status: 401, code: 'unauthorized' }, /unauthorized/],
    ['a token that may only read', { kind: 'refuse', status: 403, code: 'token_readonly' }, /token_readonly/],
    ['forbidden', { kind: 'refuse', status: 403, code: 'forbidden' }, /forbidden/],
    [
      'input that Hetzner does not take',
      { kind: 'refuse', status: 422, code: 'invalid_input', message: "image 'x' not found" },
      /Hetzner: image 'x' not found \(invalid_input\)/,
    ],
  ];
  for (const [what, fault, words] of final) {
    it(`that refuse are final, and keep Hetzner’s words: ${what}`, async (t) => {
      const { fake, provider } = await openWorld(t);
      fake.state.options.faultOf = faultsAt(/^POST \/servers$/, 1, fault);
      const refusal = { type: 'ProviderRefused', nonRetryable: true, message: words };
      await assert.rejects(provider.ensureMachine(spec, never), refusal);
    });
  }

  it('to a wrong token say which setting is wrong, and show no token anywhere', async (t) => {
    const { provider } = await openWorld(t, { environment: { HCLOUD_TOKEN: 'not-the-token' } });
    const { available, reason } = await provider.checkAvailability();
    assert.equal(available, false);
    assert.match(reason ?? '', /unauthorized.*HCLOUD_TOKEN/);
    await assert.rejects(provider.listMachines(), (error) => !JSON.stringify(showAll(error)).includes('not-the-token'));
  });

  it('that never come leave nothing of the token in the error', async (t) => {
    const { fake } = await openWorld(t);
    fake.state.options.faultOf = () => ({ kind: 'hang', applied: false });
    const connection = { token: fake.state.options.token, endpoint: fake.url, timeoutMs: 50 };
    await assert.rejects(openHetznerApi(connection).listLocations(), (error) => {
      assert.equal((error as { code: string }).code, 'no_answer');
      return !JSON.stringify(showAll(error)).includes(connection.token);
    });
  });

  it('need not be waited for once the work is given up', async (t) => {
    const { fake, provider } = await openWorld(t);
    const giveUp = new AbortController();
    fake.state.options.faultOf = ({ method }) => {
      if (method !== 'POST') return undefined;
      setImmediate(() => giveUp.abort());
      return { kind: 'hang', applied: true };
    };
    await assert.rejects(provider.ensureMachine(spec, giveUp.signal), { name: 'AbortError' });
  });

  it('may lack a datacenter, as they do since July 2026, or have one', async (t) => {
    for (const hasDatacenter of [false, true]) {
      const { provider } = await openWorld(t, { options: { hasDatacenter } });
      const machine = await provider.ensureMachine(spec, never);
      assert.deepEqual(await provider.findMachine(spec.workspaceId), machine);
      assert.equal((await provider.listMachines()).length, 1);
    }
  });

  it('may show a server without IPv4, which is then reached by IPv6', async (t) => {
    const { fake, provider } = await openWorld(t, { options: { hasIpv4: false } });
    const machine = await provider.ensureMachine(spec, never);
    const [server] = livingServers(fake);
    assert.equal(machine.ipAddress, `2001:db8:0:${server?.id.toString(16)}::1`);
    assert.deepEqual(machine.connectTo, { host: machine.ipAddress, port: 443 });
  });

  it('may come in many pages, of which none is left out', async (t) => {
    const { provider } = await openWorld(t, { options: { pageSize: 2, actionTurns: 0 } });
    const ids = ['ws-aaaaaa', 'ws-bbbbbb', 'ws-cccccc', 'ws-dddddd', 'ws-eeeeee'];
    for (const workspaceId of ids) await provider.ensureMachine({ ...spec, workspaceId }, never);
    assert.deepEqual((await provider.listMachines()).map(({ workspaceId }) => workspaceId).sort(), ids);
    assert.equal((await provider.listResources()).length, 2 * ids.length + 1);
  });
});

/** An error with all that hangs on it. */
function showAll(error: unknown): unknown {
  const { message, stack, cause, ...rest } = error as Error;
  return { message, stack, rest, ...(cause !== undefined && { cause: showAll(cause) }) };
}
