/** The parts of an agent host, opened together. */
import path from 'node:path';
import { startDelivery } from './delivery.ts';
import type { Delivery } from './delivery.ts';
import { openDoor } from './door.ts';
import type { Door } from './door.ts';
import { startForwarder } from './forwarder.ts';
import { openMemory } from './memory.ts';
import type { Memory } from './memory.ts';
import { placesBelow } from './places.ts';
import type { Places } from './places.ts';
import { openSpool } from './spool.ts';
import type { Spool } from './spool.ts';

export interface Host extends AsyncDisposable {
  places: Places;
  door: Door;
  spool: Spool;
  memory: Memory;
  delivery: Delivery;
  /** Where an agent finds the gateway, and what it shows there. */
  gateway: { url: string; token: string };
  /** Aborted when the run is cancelled. */
  cancelled: AbortSignal;
}

/** Opens the door and the spool, and starts to deliver what an earlier host left behind. */
export async function openHost(
  { door: doorFolder, work, port }: { door: string; work: string; port: number },
  cancelled: AbortSignal,
): Promise<Host> {
  const places = placesBelow(path.resolve(work));
  const door = await openDoor(doorFolder);
  const spool = await openSpool(places.spool, door.token);
  const memory = await openMemory(places);
  const forwarder = await startForwarder(door.socket, port);
  const delivery = await startDelivery({ spool, door, folder: places.spool }, endRefused);
  return {
    places,
    door,
    spool,
    memory,
    delivery,
    gateway: { url: forwarder.url, token: door.token },
    cancelled,
    async [Symbol.asyncDispose]() {
      await forwarder[Symbol.asyncDispose]();
      await spool[Symbol.asyncDispose]();
    },
  };
}

/** A door that takes no more events belongs to a run that is over: there is nobody left to work for. */
function endRefused(error: unknown): never {
  console.error(error);
  process.exit(3);
}
