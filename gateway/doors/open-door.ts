import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Door } from '../../store/gateway.ts';
import { createDoorHandler } from '../http/door-handler.ts';
import type { Services } from '../services.ts';
import { makeDoorFolder, placeSocket } from './door-folder.ts';
import { newDoorState } from './door-state.ts';

/** One container cannot take more of the gateway's files than this. */
const connectionsAtOnce = 512;

/** Broken-off calls are counted within moments. */
const settleMs = 2_000;

export interface OpenDoor {
  /** What the container mounts. */
  folder: string;
  /** From now on this policy holds. */
  update(door: Door): void;
  /** Takes no new connections. What is under way may end by itself for so long, and breaks off then. */
  close(graceMs: number): Promise<void>;
}

/** Listens behind the door; resolves when a client can connect. */
export async function openDoor(services: Services, home: string, door: Door): Promise<OpenDoor> {
  const state = newDoorState(door, services.log.child({ runId: door.runId }));
  const server = createServer(
    // An upload of gigabytes takes its time; a kept connection outlives the pauses of an agent that thinks.
    { requestTimeout: 60 * 60_000, keepAliveTimeout: 120_000, maxHeaderSize: 64 * 1024 },
    createDoorHandler(services, state),
  );
  server.maxConnections = connectionsAtOnce;
  const tunnels = new Set<Duplex>();
  server.on('connect', (request, client, head) => {
    tunnels.add(client);
    client.once('close', () => tunnels.delete(client));
    const serving = services.egress.serve(services, state, request, client, head);
    state.underWay.add(serving);
    void serving.finally(() => state.underWay.delete(serving));
  });
  server.on('upgrade', refuseUpgrade);

  const folder = await makeDoorFolder(home, door.runId, door.token);
  server.listen(folder.draftSocket);
  await once(server, 'listening');
  await placeSocket(folder);
  return {
    folder: folder.path,
    update: (fresh) => void (state.door = fresh),
    async close(graceMs) {
      const closed = once(server, 'close');
      server.close();
      const isIdle = Promise.allSettled(state.underWay);
      if (graceMs > 0) await Promise.race([isIdle, sleep(graceMs, undefined, { ref: false })]);
      for (const tunnel of tunnels) tunnel.destroy();
      server.closeAllConnections();
      // What still looks up a name or waits for a new access token finds its connection gone; nobody need wait for it.
      await Promise.race([Promise.allSettled(state.underWay), sleep(settleMs, undefined, { ref: false })]);
      await closed;
    },
  };
}

/** Models are reached by plain requests. Told so at once, agents that try WebSockets first fall back without a pause. */
function refuseUpgrade(_request: unknown, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}
