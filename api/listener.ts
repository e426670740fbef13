import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type Koa from 'koa';
import { SettingsError } from '../config/settings.ts';

/** Requests that are not done by then lose their connection. */
const graceMs = 10_000;

export interface Listener {
  /** `host:port`, with the port that was really taken. */
  address: string;
  port: number;
  /** Takes no new connections, lets requests under way finish, then closes what is left. */
  close(): Promise<void>;
}

export interface ListenAddress {
  host: string;
  port: number;
  /** Which settings the operator changes to have another one. */
  settings: string;
}

/** Serves the app; rejects with `SettingsError` when the address cannot be had. */
export async function listen(app: Pick<Koa, 'callback'>, { host, port, settings }: ListenAddress): Promise<Listener> {
  const serve = app.callback();
  const server = createServer((request, response) => void serve(request, response));
  server.listen(port, host);
  await once(server, 'listening').catch((error: Error) => {
    throw new SettingsError(`Cannot listen on ${host}:${port} (${error.message}). Another address: ${settings}.`);
  });
  const { port: taken } = server.address() as AddressInfo;
  return { address: `${host}:${taken}`, port: taken, close: () => closeGently(server) };
}

async function closeGently(server: Server): Promise<void> {
  const closed = once(server, 'close');
  // Idle keep-alive connections are closed by this; busy ones end with their request.
  server.close();
  const timeout = new AbortController();
  const force = sleep(graceMs, undefined, { signal: timeout.signal }).then(
    () => server.closeAllConnections(),
    () => undefined,
  );
  await Promise.race([closed, force]);
  timeout.abort();
  await closed;
}
