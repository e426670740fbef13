/** Passes TLS connections on by the name they ask for, without looking inside. */
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { getExtensionData, readTlsClientHello } from 'read-tls-client-hello';

export interface SniRouterOptions {
  host: string;
  port: number;
  /** The local port behind a name; `undefined`, or an error, closes the connection. */
  findPort: (serverName: string) => Promise<number | undefined>;
}

/** Who says nothing for so long does not want to talk TLS. */
const helloPatienceMs = 10_000;

/** Starts the router; resolves when it listens, fails when it cannot. */
export async function startSniRouter({ host, port, findPort }: SniRouterOptions): Promise<Server> {
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    route(client, findPort).catch(() => client.destroy());
  });
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}

async function route(client: Socket, findPort: SniRouterOptions['findPort']): Promise<void> {
  const port = await findPort(await serverNameOf(client));
  if (port === undefined || client.destroyed) {
    client.destroy();
    return;
  }
  const machine = connect(port, '127.0.0.1');
  machine.on('error', () => client.destroy());
  client.on('close', () => machine.destroy());
  client.pipe(machine).pipe(client);
}

async function serverNameOf(client: Socket): Promise<string> {
  const timer = setTimeout(() => client.destroy(), helloPatienceMs);
  try {
    const hello = await readTlsClientHello(client);
    return getExtensionData(hello, 'server_name')?.serverName ?? '';
  } finally {
    clearTimeout(timer);
  }
}
