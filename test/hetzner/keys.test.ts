import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fingerprint } from '../support/hetzner/catalogue.ts';
import { openHetznerProvider } from '../support/hetzner/hetzner-provider.ts';
import { living, newThing } from '../support/hetzner/state.ts';
import { installation, livingServers, never, openWorld, spec } from '../support/hetzner/world.ts';

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKzdm0c5kRzVjWIgGCtmzQWPIdgWpdTM4rR2Wu0VMm me@example.com';
const later = new Date(Date.now() + 3_600_000);

describe('keys and ports of servers at Hetzner', () => {
  it('are a key of nobody’s and no port for SSH, so that no root password is mailed', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    await provider.ensureMachine({ ...spec, workspaceId: 'ws-bbbbbb' }, never);
    assert.equal(fake.state.mailedPasswords, 0);
    assert.equal(fake.state.sshKeys.size, 1);
    assert.deepEqual(openPorts(fake), ['tcp 443', 'icmp']);
    const [key] = living(fake.state.sshKeys);
    assert.match(key?.publicKey ?? '', /^ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI[A-Za-z0-9+/]{43}$/);
  });

  it('are the operator’s key and port 22 when the settings have a key', async (t) => {
    const { fake, provider } = await openWorld(t, { environment: { HCLOUD_SSH_PUBLIC_KEY: publicKey } });
    await provider.ensureMachine(spec, never);
    const [key] = living(fake.state.sshKeys);
    assert.equal(key?.publicKey, publicKey);
    assert.deepEqual(livingServers(fake)[0]?.sshKeys, [String(key.id)]);
    assert.deepEqual(openPorts(fake), ['tcp 443', 'tcp 22', 'icmp']);
  });

  it('include a key that the operator has there already, and that stays', async (t) => {
    const { fake, provider } = await openWorld(t, { environment: { HCLOUD_SSH_PUBLIC_KEY: publicKey } });
    const own = { ...newThing(fake.state, 'laptop'), publicKey, fingerprint: fingerprint(publicKey) };
    fake.state.sshKeys.set(own.id, own);
    await provider.ensureMachine(spec, never);
    assert.deepEqual(livingServers(fake)[0]?.sshKeys, [String(own.id)]);
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(await provider.removeUnused?.(later, never), []);
    assert.deepEqual(living(fake.state.sshKeys), [own]);
  });

  it('change with the setting, for servers that are made from then on', async (t) => {
    const { fake, provider } = await openWorld(t, { environment: { HCLOUD_SSH_PUBLIC_KEY: publicKey } });
    await provider.ensureMachine(spec, never);
    const other = publicKey.replace('GPKz', 'GPKy');
    const changed = openHetznerProvider(fake, installation, { HCLOUD_SSH_PUBLIC_KEY: other });
    await changed.ensureMachine({ ...spec, workspaceId: 'ws-bbbbbb' }, never);
    assert.deepEqual(
      living(fake.state.sshKeys).map((key) => key.publicKey),
      [publicKey, other],
    );
    assert.equal(new Set(livingServers(fake).flatMap(({ sshKeys }) => sshKeys)).size, 2);
  });

  it('go when no server of the installation is left, and not while there is one', async (t) => {
    const { fake, provider } = await openWorld(t);
    await provider.ensureMachine(spec, never);
    assert.deepEqual(await provider.removeUnused?.(later, never), []);
    await provider.removeMachine(spec.workspaceId, never);
    assert.deepEqual(await provider.removeUnused?.(new Date(0), never), []);
    const listed = await provider.listUnused?.(later);
    const removed = (await provider.removeUnused?.(later, never)) ?? [];
    assert.deepEqual(listed, removed);
    assert.deepEqual(
      removed.map(({ kind, workspaceId }) => ({ kind, workspaceId })),
      [{ kind: 'ssh-key', workspaceId: null }],
    );
    assert.deepEqual(living(fake.state.sshKeys), []);
  });
});

function openPorts({ state }: Parameters<typeof livingServers>[0]): string[] {
  const [server] = living(state.servers);
  const rules = state.firewalls.get(server?.firewalls[0] ?? 0)?.rules ?? [];
  return rules.map(({ protocol, port }) => (port === undefined ? protocol : `${protocol} ${port}`));
}
