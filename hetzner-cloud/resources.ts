/** What this installation has at Hetzner, thing by thing. */
import type { Money, Resource, ResourceKind } from '../workflows/contract/resources.ts';
import type { Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { bears, installationLabels, selectorOf, workspaceIn } from './labels.ts';
import { serverPrice, snapshotPrice } from './prices.ts';

/** Everything with this installation's label. */
export async function listHetznerResources(cloud: HetznerCloud, provider: string): Promise<Resource[]> {
  const { api, catalogue, installation } = cloud;
  const labels = installationLabels(installation);
  const ours = { labelSelector: selectorOf(labels) };
  const [servers, firewalls, keys, snapshots, pricing] = await Promise.all([
    api.listServers(ours),
    api.listFirewalls(ours),
    api.listSshKeys(ours),
    api.listSnapshots(ours),
    catalogue.pricing(),
  ]);
  const resourcesOf = <T extends Thing>(kind: ResourceKind, things: T[], price: (thing: T) => Money | null) =>
    things.filter(bears(labels)).map((thing) => resourceOf(provider, kind, thing, price(thing)));
  return [
    ...resourcesOf('server', servers, (server) => serverPrice(server, pricing).hourlyPrice),
    ...resourcesOf('firewall', firewalls, () => null),
    ...resourcesOf('ssh-key', keys, () => null),
    ...resourcesOf('snapshot', snapshots, (snapshot) => snapshotPrice(snapshot, pricing)),
  ];
}

/** A thing in the words of the ledger. */
export function resourceOf(provider: string, kind: ResourceKind, thing: Thing, hourlyPrice: Money | null): Resource {
  const { id, name, labels, created } = thing;
  const workspaceId = workspaceIn(labels);
  return { provider, kind, id: String(id), name, workspaceId, createdAt: created.toISOString(), hourlyPrice };
}
