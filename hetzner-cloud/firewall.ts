/**
 * The firewall of a server. It is made before the server and removed after it, and Hetzner removes none that a server
 * uses. So it is a fence as well: once it is gone, there is no server, and a creation that is still under way somewhere
 * names a firewall that is not there, and is refused.
 */
import type { FirewallRule, Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { findOrCreate, findOursOrRefuse } from './find-or-create.ts';
import type { Identity } from './find-or-create.ts';
import { workspaceLabels } from './labels.ts';
import { nameOf } from './names.ts';

/** Lets in these TCP ports, and SSH if the operator has a key there; what goes out is free. */
export function ensureFirewall(cloud: HetznerCloud, identity: Identity, openPorts: string[]): Promise<Thing> {
  const find = () => findOursOrRefuse(identity, cloud.api.listFirewalls);
  return findOrCreate(cloud, identity.name, find, () => createFirewall(cloud, identity, openPorts));
}

/** Fails with `uniqueness_error` when there is one. */
export function createFirewall(cloud: HetznerCloud, identity: Identity, openPorts: string[]): Promise<Thing> {
  const rules = rulesFor(cloud.sshPublicKey === undefined ? openPorts : [...openPorts, '22']);
  return cloud.api.createFirewall({ ...identity, rules });
}

/** What tells a workspace's server and firewall from everything else in the project. */
export function identityOf({ installation }: HetznerCloud, workspaceId: string): Identity {
  return { name: nameOf(installation, workspaceId), labels: workspaceLabels(installation, workspaceId) };
}

function rulesFor(ports: string[]): FirewallRule[] {
  const fromAnywhere = { direction: 'in' as const, source_ips: ['0.0.0.0/0', '::/0'] };
  return [
    ...ports.map((port) => ({ ...fromAnywhere, protocol: 'tcp' as const, port })),
    { ...fromAnywhere, protocol: 'icmp' },
  ];
}
