/** The product's own Temporal server, running under its supervisor for one test. */
import type { Connection } from '@temporalio/client';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import type { ServerOptions } from '../../engine/temporal/server-options.ts';
import { embeddedTemporal } from './embedded-temporal.ts';

export interface RunningTemporal extends AsyncDisposable {
  address: string;
  /** Closed with the server. */
  connection: Connection;
}

/** Starts it on the database in `folder`; resolves once it serves and its namespace is ready. */
export async function startTemporal(folder: string, overrides: Partial<ServerOptions> = {}): Promise<RunningTemporal> {
  await using cleanup = new AsyncDisposableStack();
  const server = await embeddedTemporal(folder, overrides);
  const supervisor = await openSupervisor(folder, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start(server.definition);
  const connection = await server.connect();
  cleanup.defer(() => connection.close());
  const stack = cleanup.move();
  return { address: server.address, connection, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}
