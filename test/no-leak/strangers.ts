/** What others have in the same project and the same zone, as like ours as can be. */
import { makeCertificateRequest } from '../support/certificate-request.ts';
import type { FakeCloudflare } from '../support/cloudflare/fake-cloudflare.ts';
import type { FakeHetzner } from '../support/hetzner/fake-hetzner.ts';
import { makeServer } from '../support/hetzner/half-made.ts';
import { living, newThing } from '../support/hetzner/state.ts';

/** Tells what is not as it was; empty while nobody touched anything. */
export type Strangers = () => string[];

/** Another installation, whose name begins as ours does, and the owner of the account. */
export async function settleStrangers(hetzner: FakeHetzner, cloudflare: FakeCloudflare): Promise<Strangers> {
  const { state } = hetzner;
  const workspaceId = 'ws-other1';
  const hostname = `ui.${workspaceId}.vm.example.com`;
  makeServer(hetzner, 'pawl-test-2', { workspaceId, hostname, userData: '' });
  const [pet] = [{ ...newThing(state, 'pet'), status: 'running' as const }];
  const place = { type: 'cx23', location: 'fsn1', image: 'debian-12', sshKeys: [], firewalls: [], userData: '' };
  state.servers.set(pet.id, { ...pet, ...place });
  const key = { ...newThing(state, 'laptop'), fingerprint: 'aa:bb', publicKey: 'ssh-ed25519 AAAA' };
  state.sshKeys.set(key.id, key);
  const address = { type: 'A' as const, content: '198.51.100.1', proxied: true, ttl: 1 as const };
  const comment = `pawl pawl-test-2 ${workspaceId}`;
  cloudflare.dns.add({ ...address, name: `*.${workspaceId}.vm.example.com`, comment });
  cloudflare.dns.add({ ...address, name: 'www.example.com' });
  await cloudflare.originCa.sign({
    ...{ csr: await makeCertificateRequest(), request_type: 'origin-ecc' },
    hostnames: [`*.${workspaceId}.vm.example.com`, `pawl-test-2.${workspaceId}.vm.example.com`],
  });

  const theirs = { hetzner: namesIn(hetzner), cloudflare: namesAt(cloudflare) };
  return () => {
    const there = [...namesIn(hetzner), ...namesAt(cloudflare)];
    return [...theirs.hetzner, ...theirs.cloudflare].filter((name) => !there.includes(name));
  };
}

function namesIn({ state: { servers, firewalls, sshKeys } }: FakeHetzner): string[] {
  return [
    ...living(servers).map(({ id, name }) => `server ${id} ${name}`),
    ...living(firewalls).map(({ id, name }) => `firewall ${id} ${name}`),
    ...living(sshKeys).map(({ id, name }) => `key ${id} ${name}`),
  ];
}

function namesAt({ dns, originCa }: FakeCloudflare): string[] {
  return [
    ...dns.all().map(({ id, ...record }) => `record ${id} ${JSON.stringify(record)}`),
    ...originCa.all().map(({ id, hostnames }) => `certificate ${id} ${hostnames.join(' ')}`),
  ];
}
