/** Keys, which the servers of an installation share, and which none of them needs any more. */
import type { Resource } from '../workflows/contract/resources.ts';
import type { Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { bears, installationLabels, selectorOf } from './labels.ts';
import { resourceOf } from './resources.ts';

/** Our keys that were made before then; none while the installation has a server. */
export async function listUnusedKeys(cloud: HetznerCloud, provider: string, before: Date): Promise<Resource[]> {
  return (await unusedKeys(cloud, before)).map((key) => resourceOf(provider, 'ssh-key', key, null));
}

/**
 * Removes them. A key is read when a server is made and never again; a creation that loses its key this way is refused by
 * Hetzner, and finds or makes another at its next try.
 */
export async function removeUnusedKeys(cloud: HetznerCloud, provider: string, before: Date): Promise<Resource[]> {
  const unused = await unusedKeys(cloud, before);
  for (const { id } of unused) await cloud.api.deleteSshKey(id);
  return unused.map((key) => resourceOf(provider, 'ssh-key', key, null));
}

async function unusedKeys({ api, installation }: HetznerCloud, before: Date): Promise<Thing[]> {
  const labels = installationLabels(installation);
  const ours = { labelSelector: selectorOf(labels) };
  if ((await api.listServers(ours)).some(bears(labels))) return [];
  return (await api.listSshKeys(ours)).filter((key) => bears(labels)(key) && key.created < before);
}
