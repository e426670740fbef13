/** Looking at servers. */
import type { Server } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { findOurs } from './find-or-create.ts';
import { identityOf } from './firewall.ts';
import { bears, installationLabels, selectorOf, workspaceIn } from './labels.ts';

/**
 * The workspace's server. Known by its id, it is asked for by that, because lists show a new server late: then `undefined`
 * means that it is gone. Otherwise it is looked for in the lists.
 */
export async function lookForServer(
  cloud: HetznerCloud,
  workspaceId: string,
  id?: string,
): Promise<Server | undefined> {
  const identity = identityOf(cloud, workspaceId);
  if (id === undefined) return await findOurs(identity, cloud.api.listServers);
  const server = await cloud.api.getServer(Number(id));
  return server && bears(identity.labels)(server) ? server : undefined;
}

/** Every workspace's server of the installation. */
export async function listServers({ api, installation }: HetznerCloud): Promise<Server[]> {
  const labels = installationLabels(installation);
  const servers = await api.listServers({ labelSelector: selectorOf(labels) });
  return servers.filter((server) => bears(labels)(server) && workspaceIn(server.labels) !== null);
}

/** The first address of a server: IPv4, or else the one that it gives itself in its IPv6 network. */
export function addressOf({ ipv4, ipv6 }: Pick<Server, 'ipv4' | 'ipv6'>): string | null {
  return ipv4 ?? ipv6?.replace(/::\/\d+$/, '::1') ?? null;
}
