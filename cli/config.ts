/** The settings of the `pawl` command; the only place where it reads its environment. */
import type { ConnectionOptions } from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { installationSettings, OnOff, Port, readSettings, SettingsError } from '../config/settings.ts';
import { reasonOf } from '../engine/progress.ts';
import { workerSettings } from '../workers/config.ts';

export const cliSettings = installationSettings.extend({
  ...workerSettings.pick({ PAWL_CACHE_DIR: true, RETENTION_DAYS: true }).shape,
  API_TOKEN: z.string().min(16).optional().describe("The owner's bearer token. Made on first run."),
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  PORT: Port.default(3100).describe('Port that the API listens on.'),
  MACHINE_API_HOST: z.string().default('0.0.0.0').describe('Address of the listener that machines call.'),
  MACHINE_API_PORT: Port.default(3101).describe('Port of the listener that machines call.'),
  MACHINES_PORT: Port.default(8443).describe('Port on 127.0.0.1 under which local machines are reached by name.'),
  CODEC_SERVER_PORT: Port.default(3102).describe(
    'Port on 127.0.0.1 where the Temporal Web UI gets payloads decrypted.',
  ),
  MACHINE_PROVIDER: z.string().default('docker').describe('Id of the provider that new workspaces get a machine from.'),
  DOCKER_HOST: z.string().optional().describe('Where the Docker engine listens, if not at its usual socket.'),
  TEMPORAL_CLI_PATH: z.string().optional().describe('Temporal CLI to run the embedded server with.'),
  TEMPORAL_PORT: Port.default(7233).describe('Port of the embedded Temporal server, on 127.0.0.1.'),
  TEMPORAL_UI: OnOff.default(true).describe('Whether the embedded Temporal server brings its Web UI: on or off.'),
  TEMPORAL_UI_PORT: Port.default(8233).describe("Port of the embedded Temporal server's Web UI, on 127.0.0.1."),
  TEMPORAL_SYNCHRONOUS: z
    .enum(['FULL', 'NORMAL'])
    .default('FULL')
    .describe('FULL survives a power cut. NORMAL survives the death of any process, and is a quarter faster.'),
  TEMPORAL_LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'never'])
    .default('warn')
    .describe('How much the embedded Temporal server logs.'),
  PAWL_NO_INSTALL: OnOff.default(false).describe('`1` forbids installing packages of the operating system.'),
});

export type CliSettings = z.infer<typeof cliSettings>;

export interface Cluster {
  address: string;
  namespace: string;
  connection: ConnectionOptions;
}

export interface CliConfig {
  settings: CliSettings;
  /** The cluster that `TEMPORAL_ADDRESS` or a profile names; without one an embedded server is started. */
  cluster: Cluster | undefined;
  namespace: string;
  /** What Pawl's own programs get: every setting, and where Temporal is. */
  inherited: NodeJS.ProcessEnv;
  /** What other programs get: enough to run, and none of our settings, least of all secrets. */
  bare: NodeJS.ProcessEnv;
}

/** Fails with `SettingsError`, which names every setting at fault. */
export function readCliConfig(environment: NodeJS.ProcessEnv = process.env): CliConfig {
  const settings = readSettings(cliSettings, environment);
  const { connectionOptions, namespace = 'default' } = readClusterConfig(environment);
  const { address } = connectionOptions;
  return {
    settings,
    namespace,
    cluster: address ? { address, namespace, connection: connectionOptions } : undefined,
    inherited: {
      // Where machines and the Web UI find us follows from the ports, unless a setting knows better.
      MACHINE_API_URL: `http://host.docker.internal:${settings.MACHINE_API_PORT}`,
      TEMPORAL_UI_ORIGIN: `http://127.0.0.1:${settings.TEMPORAL_UI_PORT}`,
      ...environment,
      PAWL_HOME: settings.PAWL_HOME,
      CODEC_SERVER_PORT: String(settings.CODEC_SERVER_PORT),
      ...(!address && { TEMPORAL_ADDRESS: embeddedAddress(settings), TEMPORAL_NAMESPACE: namespace }),
    },
    bare: { PATH: environment['PATH'], HOME: environment['HOME'], TZ: environment['TZ'] },
  };
}

/** Where the embedded Temporal server listens. */
export function embeddedAddress({ TEMPORAL_PORT }: CliSettings): string {
  return `127.0.0.1:${TEMPORAL_PORT}`;
}

/** `TEMPORAL_*` and the profiles of the Temporal CLI, read the way every Temporal program reads them. */
function readClusterConfig(environment: NodeJS.ProcessEnv): ClientConnectConfig {
  const given = Object.entries(environment).filter((entry): entry is [string, string] => Boolean(entry[1]));
  try {
    return loadClientConnectConfig({ overrideEnvVars: Object.fromEntries(given) });
  } catch (error) {
    throw new SettingsError(`The Temporal connection cannot be read: ${reasonOf(error)}`);
  }
}
