/** Makes the door look like an ordinary HTTP server, and like an ordinary proxy. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Forwarder extends AsyncDisposable {
  url: string;
}

/** How often a caller's wait for an absent gateway is tried to be ended. */
const pauseMs = 200;

/**
 * Listens on a port of 127.0.0.1 and passes every connection on to the socket. While nobody answers there, callers wait:
 * an agent sees a slow model rather than an error.
 */
export async function startForwarder(socketPath: string, port: number): Promise<Forwarder> {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true }, (caller) => {
    open.add(caller.once('close', () => open.delete(caller)));
    void forward(caller, socketPath);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const caller of open) caller.destroy();
    },
  };
}

async function forward(caller: Socket, socketPath: string): Promise<void> {
  caller.on('error', () => undefined);
  const gateway = await reach(socketPath, caller);
  if (!gateway) return;
  try {
    await Promise.all([pipeline(caller, gateway), pipeline(gateway, caller)]);
  } catch {
    // Either side went away; `pipeline` has closed the other.
  }
}

async function reach(path: string, caller: Socket): Promise<Socket | undefined> {
  while (!caller.destroyed) {
    const gateway = connect({ path, allowHalfOpen: true });
    const isOpen = await once(gateway, 'connect').then(
      () => true,
      () => false,
    );
    if (isOpen) return gateway;
    await sleep(pauseMs);
  }
  return undefined;
}
