import { Connection } from '@temporalio/client';
import { requireFreePort } from '../free-port.ts';
import type { ProcessDefinition } from '../supervisor/process-definition.ts';
import { until } from '../until.ts';
import { prepareNamespace } from './namespace.ts';
import { type ServerOptions, serverArguments } from './server-options.ts';

export interface TemporalProcessOptions {
  cliPath: string;
  server: ServerOptions;
  retentionDays: number;
  /** Only what a program needs to run at all: the server has no use for our settings, least of all for secrets. */
  env: NodeJS.ProcessEnv;
}

/** The embedded Temporal server; ready once it serves and its namespace is what Pawl needs. */
export function temporalProcess({ cliPath, server, retentionDays, env }: TemporalProcessOptions): ProcessDefinition {
  return {
    name: 'temporal',
    command: cliPath,
    args: serverArguments(server),
    env,
    exitsWithSupervisor: false,
    drainMs: 10_000,
    prepare: () => requirePorts(server),
    untilReady: async (signal) => {
      const connection = Connection.lazy({ address: addressOf(server) });
      try {
        await until('the Temporal server answers', () => serves(connection), { signal });
        await prepareNamespace(connection, { namespace: server.namespace, retentionDays, mayShortenRetention: true });
      } finally {
        await connection.close();
      }
    },
  };
}

/** Where the server's clients reach it. */
export function addressOf({ ip, port }: Pick<ServerOptions, 'ip' | 'port'>): string {
  return `${ip}:${port}`;
}

async function requirePorts({ ip, port, uiPort }: ServerOptions): Promise<void> {
  await requireFreePort({
    host: ip,
    port,
    setting: 'TEMPORAL_PORT',
    hint: `if a Temporal server of yours runs there that Pawl shall use, set TEMPORAL_ADDRESS=${ip}:${port}`,
  });
  if (uiPort !== undefined) await requireFreePort({ host: ip, port: uiPort, setting: 'TEMPORAL_UI_PORT' });
}

async function serves(connection: Connection): Promise<boolean> {
  try {
    await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}));
    return true;
  } catch {
    return false;
  }
}
