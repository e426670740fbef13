/** Things that the servers of an installation share, and that none of them needs any more. */
import type { Resource } from '../workflows/contract/resources.ts';
import type { HetznerCloud } from './cloud.ts';
import { bears, installationLabels, selectorOf } from './labels.ts';
import { resourceOf } from './resources.ts';

/**
 * Removes our keys that were made before then, unless the installation has a server. A key is read when a server is made
 * and never again; a creation that loses its key this way is refused by Hetzner, and finds or makes another at its next try.
 */
export async function removeUnusedKeys(cloud: HetznerCloud, provider: string, before: Date): Promise<Resource[]> {
  const { api, installation } = cloud;
  const labels = installationLabels(installation);
  const ours = { labelSelector: selectorOf(labels) };
  if ((await api.listServers(ours)).some(bears(labels))) return [];
  const unused = (await api.listSshKeys(ours)).filter((key) => bears(labels)(key) && key.created < before);
  for (const { id } of unused) await api.deleteSshKey(id);
  return unused.map((key) => resourceOf(provider, 'ssh-key', key, null));
}
