/** Removing a server with its firewall, until Hetzner itself says that they are gone. */
import { pause } from './cloud.ts';
import type { HetznerCloud } from './cloud.ts';
import { exceptBusy, hasCode } from './errors.ts';
import { findAllOurs } from './find-or-create.ts';
import type { Identity } from './find-or-create.ts';
import { createFirewall } from './firewall.ts';

/**
 * Removes whatever server and firewall bear these labels. Lists may lag behind and show nothing of a server that was ordered a
 * moment ago, so an empty list proves nothing. The firewall does: none that a server uses can be removed, and a second one
 * of its name cannot be made. Resolves once this call has removed one and no list shows anything.
 */
export async function removeServer(cloud: HetznerCloud, identity: Identity): Promise<void> {
  const seen = new Set<number>();
  for (let isFenceDown = false; ; await pause(cloud)) {
    cloud.signal.throwIfAborted();
    if (await removeServers(cloud, identity, seen)) continue;
    const firewalls = await findAllOurs(identity, cloud.api.listFirewalls);
    for (const { id } of firewalls) isFenceDown = (await removeFirewall(cloud, id)) || isFenceDown;
    if (firewalls.length > 0) continue;
    if (isFenceDown) return;
    isFenceDown = await removeFreshFirewall(cloud, identity);
  }
}

/** Whether any server is there still, by label, by name, or by the id of one that was seen before. */
async function removeServers(cloud: HetznerCloud, identity: Identity, seen: Set<number>): Promise<boolean> {
  const listed = await findAllOurs(identity, cloud.api.listServers);
  for (const { id } of listed) seen.add(id);
  for (const id of seen) {
    await cloud.api.deleteServer(id).catch(exceptBusy);
    if (!(await cloud.api.getServer(id))) seen.delete(id);
  }
  return listed.length + seen.size > 0;
}

/** Whether it was this call that removed it: `false` while a server uses it, and for one that is only listed still. */
async function removeFirewall(cloud: HetznerCloud, id: number): Promise<boolean> {
  try {
    return await cloud.api.deleteFirewall(id);
  } catch (error) {
    exceptBusy(error);
    return false;
  }
}

/** Makes the firewall that no list shows, and removes it: `false` when there is one, which a list will show. */
async function removeFreshFirewall(cloud: HetznerCloud, identity: Identity): Promise<boolean> {
  try {
    return await removeFirewall(cloud, (await createFirewall(cloud, identity, [])).id);
  } catch (error) {
    if (hasCode(error, 'uniqueness_error')) return false;
    // No firewall can be made, so no proof is to be had. Nor can a creation make one: the lists must do.
    if (hasCode(error, 'resource_limit_exceeded')) return true;
    throw error;
  }
}
