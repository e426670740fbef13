/** Looking at servers. */
import type { Server } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { findOurs } from './find-or-create.ts';
import { identityOf } from './firewall.ts';
import { bears, installationLabels, selectorOf, workspaceIn } from './labels.ts';

/** The workspace's server as the lists show it, or `undefined`. */
export function findServer(cloud: HetznerCloud, workspaceId: string): Promise<Server | undefined> {
  return findOurs(identityOf(cloud, workspaceId), cloud.api.listServers);
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
