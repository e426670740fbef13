import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Door } from '../../store/gateway.ts';
import { createDoorHandler } from '../http/door-handler.ts';
import type { Services } from '../services.ts';
import { makeDoorFolder, placeSocket } from './door-folder.ts';
import { newDoorState } from './door-state.ts';

/** One container cannot take more of the gateway's files than this. */
const connectionsAtOnce = 512;

export interface OpenDoor {
  /** What the container mounts. */
  folder: string;
  /** From now on this policy holds. */
  update(door: Door): void;
  /** Ends every connection; what is under way breaks off. */
  close(): Promise<void>;
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
    void services.egress.serve(services, state, request, client, head);
  });
  server.on('upgrade', refuseUpgrade);

  const folder = await makeDoorFolder(home, door.runId, door.token);
  server.listen(folder.draftSocket);
  await once(server, 'listening');
  await placeSocket(folder);
  return {
    folder: folder.path,
    update: (fresh) => void (state.door = fresh),
    close: async () => {
      for (const tunnel of tunnels) tunnel.destroy();
      await closeNow(server);
    },
  };
}

/** Models are reached by plain requests. Told so at once, agents that try WebSockets first fall back without a pause. */
function refuseUpgrade(_request: unknown, socket: Duplex): void {
  socket.on('error', () => socket.destroy());
  socket.end('HTTP/1.1 426 Upgrade Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
}

async function closeNow(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
