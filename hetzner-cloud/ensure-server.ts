/** Making a server, so that any call can be repeated after a crash at any instruction. */
import type { Server } from './api.ts';
import type { HetznerCloud } from './cloud.ts';
import { CreationFailedError, hasCode, isNoRoom, ownError } from './errors.ts';
import type { HetznerError } from './errors.ts';
import { findOrCreate, findOursOrRefuse } from './find-or-create.ts';
import { orderServer, prepareOrder } from './order-server.ts';
import type { PreparedOrder, ServerSpec } from './order-server.ts';
import { inWords } from './places.ts';
import type { Place } from './places.ts';
import { runServer } from './run-server.ts';

/**
 * Finds the server or creates it, at the first place that has room, and returns it when it runs. There is never
 * a second one: Hetzner lets a name be used once.
 */
export async function ensureServer(cloud: HetznerCloud, spec: ServerSpec): Promise<Server> {
  const { identity } = spec;
  const find = () => findOursOrRefuse(identity, cloud.api.listServers);
  let order: PreparedOrder | undefined;
  const create = async () => orderWhereThereIsRoom(cloud, (order ??= await prepareOrder(cloud, spec)));
  for (;;) {
    const { id } = await findOrCreate(cloud, identity.name, find, create);
    try {
      return await runServer(cloud, id);
    } catch (error) {
      // One that was left by an earlier call, or that found no room after all, is no reason not to try another.
      if (!(error instanceof CreationFailedError) || (order && !isNoRoom(error))) throw error;
    }
  }
}

/** Uses up the places of the order: where there was no room, no second try is made. */
async function orderWhereThereIsRoom(cloud: HetznerCloud, order: PreparedOrder): Promise<{ id: number }> {
  for (let place = order.places.shift(); place !== undefined; place = order.places.shift()) {
    try {
      return await orderServer(cloud, order, place);
    } catch (error) {
      if (hasCode(error, 'uniqueness_error')) order.places.unshift(place);
      if (!isNoRoom(error)) throw error;
      logNoRoom(cloud, order, place, error);
    }
  }
  throw ownError('no_room', `no room now for ${inWords(cloud, order.spec.size)}.`);
}

function logNoRoom(cloud: HetznerCloud, { spec }: PreparedOrder, { type, location }: Place, error: HetznerError): void {
  cloud.log.warn({ ...spec.owner, type: type.name, location, reason: error.message }, 'no room for a server');
}
