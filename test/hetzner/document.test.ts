import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { openFakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { openValidatingProxy } from '../support/hetzner/validating-proxy.ts';
import type { FakeOptions } from '../support/hetzner/options.ts';
import { installation, never, spec } from '../support/hetzner/world.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKzdm0c5kRzVjWIgGCtmzQWPIdgWpdTM4rR2Wu0VMm me@example.com';

describe('Hetzner’s own document', () => {
  it('agrees with a whole conversation, refusals included', async (t) => {
    const { fake, proxy } = await openBoth(t, { soldOut: new Set(['cx23@fsn1']), hasIpv4: false });
    const provider = openHetznerProvider({ ...fake, url: proxy.url }, installation, {
      HCLOUD_SSH_PUBLIC_KEY: publicKey,
    });
    assert.equal((await provider.checkAvailability()).available, true);
    await provider.sizes?.();
    await provider.ensureMachine(spec, never);
    for (const server of fake.state.servers.values()) server.status = 'off';
    fake.state.actions.clear();
    await provider.ensureMachine(spec, never);
    await provider.listMachines();
    await provider.listResources();
    await provider.removeMachine(spec.workspaceId, never);
    await provider.removeUnused?.(new Date(Date.now() + 1000), never);
    const stranger = openHetznerProvider({ ...fake, url: proxy.url }, installation, { HCLOUD_TOKEN: 'wrong' });
    assert.equal((await stranger.checkAvailability()).available, false);

    assert.deepEqual(proxy.violations, []);
    assert.deepEqual([...proxy.passed.keys()].sort(), [
      'DELETE /firewalls/{id}',
      'DELETE /servers/{id}',
      'DELETE /ssh_keys/{id}',
      'GET /actions/{id}',
      'GET /firewalls',
      'GET /images',
      'GET /locations',
      'GET /pricing',
      'GET /server_types',
      'GET /servers',
      'GET /servers/{id}',
      'GET /servers/{id}/actions',
      'GET /ssh_keys',
      'POST /firewalls',
      'POST /servers',
      'POST /servers/{id}/actions/poweron',
      'POST /ssh_keys',
    ]);
  });

  it('stops a request that Hetzner would not understand before it reaches the cloud', async (t) => {
    const { fake, proxy } = await openBoth(t);
    const wrong: [string, string, object?][] = [
      ['POST', '/servers', { name: 'x', image: 'ubuntu-24.04' }],
      ['POST', '/servers', { name: 'x', image: 'ubuntu-24.04', server_type: 'cx23', datacenter: 'fsn1-dc14' }],
      ['POST', '/firewalls', { name: 'x', rules: [{ direction: 'sideways', protocol: 'tcp' }] }],
      ['GET', '/servers?label-selector=a'],
      ['GET', '/servers?page=first'],
      ['GET', '/datacenters'],
      ['PATCH', '/servers/1'],
    ];
    for (const [method, path, body] of wrong) {
      const known = proxy.violations.length;
      const answer = await fetch(proxy.url + path, { method, ...(body && { body: JSON.stringify(body) }) });
      assert.ok([404, 422].includes(answer.status), `${method} ${path}: ${answer.status}`);
      assert.ok(proxy.violations.length > known, `${method} ${path}`);
    }
    assert.deepEqual(fake.calls, []);
  });

  it('stops an answer in which the cloud of the tests has drifted from Hetzner’s', async (t) => {
    const { fake, proxy } = await openBoth(t);
    const provider = openHetznerProvider({ ...fake, url: proxy.url }, installation);
    await provider.ensureMachine(spec, never);
    for (const server of fake.state.servers.values()) Object.assign(server, { status: 'fine', created: 'yesterday' });
    await assert.rejects(provider.listMachines(), { type: 'ProviderUnavailable' });
    assert.match(proxy.violations.join('\n'), /GET \/servers: answer\/servers\/0\/status must be equal to one of/);
    assert.match(proxy.violations.join('\n'), /GET \/servers: answer\/servers\/0\/created must match format/);
  });
});

async function openBoth(t: TestContext, options: Partial<FakeOptions> = {}) {
  const fake = await openFakeHetzner(options);
  t.after(() => fake.close());
  const proxy = await openValidatingProxy(fake.url);
  t.after(() => proxy.close());
  return { fake, proxy };
}
