/** Ordering one server at one place. */
import type { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { hasCode, ownError } from './errors.ts';
import { ensureFirewall, identityOf } from './firewall.ts';
import { hostnameLabels } from './labels.ts';
import { placesFor } from './places.ts';
import type { Place } from './places.ts';
import { imageFor } from './snapshot.ts';
import { ensureSshKey } from './ssh-key.ts';

export interface ServerSpec {
  workspaceId: string;
  size: WorkspaceSize;
  /** `ui.<id>.vm.<domain>` */
  hostname: string;
  userData: string;
}

/** What all tries of one call share. None of it is made anew: a firewall that went away says that the server is unwanted. */
export interface PreparedOrder {
  spec: ServerSpec;
  places: Place[];
  firewall: Thing;
  sshKey: Thing;
}

/** Finds where the server may be made, and makes what it needs. */
export async function prepareOrder(cloud: HetznerCloud, spec: ServerSpec): Promise<PreparedOrder> {
  const places = await placesFor(cloud, spec.size);
  const sshKey = await ensureSshKey(cloud);
  const firewall = await ensureFirewall(cloud, spec.workspaceId);
  return { spec, places, sshKey, firewall };
}

/**
 * Resolves when Hetzner has accepted the order. Fails with `uniqueness_error` when the server is there already, and with
 * `vanished` when something that it needs was removed meanwhile.
 */
export async function orderServer(
  cloud: HetznerCloud,
  { spec, firewall, sshKey }: PreparedOrder,
  { type, location }: Place,
): Promise<{ id: number }> {
  const { name, labels } = identityOf(cloud, spec.workspaceId);
  const image = await imageFor(cloud, type.architecture);
  const ordered = cloud.api.createServer({
    name,
    labels: { ...labels, ...hostnameLabels(spec.hostname) },
    type: type.name,
    location,
    image,
    sshKeyId: sshKey.id,
    firewallId: firewall.id,
    userData: spec.userData,
  });
  const server = await ordered.catch((error: unknown) => refineError(cloud, error, firewall, sshKey));
  cloud.log.info({ workspaceId: spec.workspaceId, type: type.name, location, image }, 'server ordered');
  return server;
}

async function refineError(cloud: HetznerCloud, error: unknown, firewall: Thing, sshKey: Thing): Promise<never> {
  if (!hasCode(error, 'not_found', 'invalid_input')) throw error;
  const isComplete = (await cloud.api.hasFirewall(firewall.id)) && (await cloud.api.hasSshKey(sshKey.id));
  throw isComplete ? error : ownError('vanished', 'the firewall or the key was removed while the server was ordered.');
}
