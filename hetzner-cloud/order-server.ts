/** Ordering one server at one place. */
import type { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';
import type { Labels, ServerType, Thing } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { hasCode, ownError } from './errors.ts';
import type { Identity } from './find-or-create.ts';
import { ensureFirewall } from './firewall.ts';
import { placesFor } from './places.ts';
import type { Place } from './places.ts';
import { ensureSshKey } from './ssh-key.ts';

export interface ServerSpec {
  /** Of the server and of its firewall. */
  identity: Identity;
  /** Whose it is, for the log. */
  owner: object;
  /** What the server bears besides. */
  labels: Labels;
  size: WorkspaceSize;
  /** TCP ports that everybody may reach. */
  openPorts: string[];
  /** What it is made from: a name, or the id of a snapshot. */
  imageFor(type: ServerType): Promise<string>;
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
  const firewall = await ensureFirewall(cloud, spec.identity, spec.openPorts);
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
  const { name, labels } = spec.identity;
  const image = await spec.imageFor(type);
  const ordered = cloud.api.createServer({
    name,
    labels: { ...labels, ...spec.labels },
    type: type.name,
    location,
    image,
    sshKeyId: sshKey.id,
    firewallId: firewall.id,
    userData: spec.userData,
  });
  const server = await ordered.catch((error: unknown) => refineError(cloud, error, { firewall, sshKey, image }));
  cloud.log.info({ ...spec.owner, type: type.name, location, image }, 'server ordered');
  return server;
}

/** What an order names, and what may be removed while it is on its way. */
type Ingredients = Pick<PreparedOrder, 'firewall' | 'sshKey'> & { image: string };

async function refineError(cloud: HetznerCloud, error: unknown, ingredients: Ingredients): Promise<never> {
  if (!hasCode(error, 'not_found', 'invalid_input') || (await isComplete(cloud, ingredients))) throw error;
  throw ownError('vanished', 'the firewall, the key or the snapshot was removed while the server was ordered.');
}

async function isComplete({ api, image: plain }: HetznerCloud, ingredients: Ingredients): Promise<boolean> {
  const { firewall, sshKey, image } = ingredients;
  if (image !== plain && !(await api.getSnapshot(Number(image)))) return false;
  return (await api.hasFirewall(firewall.id)) && (await api.hasSshKey(sshKey.id));
}
