/** The settings of the `pawl` command; the only place where it reads its environment. */
import type { ConnectionOptions } from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { readSettings, SettingsError } from '../config/settings.ts';
import { agentSettings } from '../config/settings/agents.ts';
import { gatewaySettings } from '../config/settings/gateway.ts';
import { hostSettings } from '../config/settings/host.ts';
import { installationSettings } from '../config/settings/installation.ts';
import { listenerSettings } from '../config/settings/listeners.ts';
import { machineSettings } from '../config/settings/machines.ts';
import { runnerSettings } from '../config/settings/runners.ts';
import { temporalSettings } from '../config/settings/temporal.ts';
import { upkeepSettings } from '../config/settings/upkeep.ts';
import { reasonOf } from '../engine/progress.ts';

/** Every setting of the `pawl` command, with its default. */
export const cliSettings = z.object({
  ...installationSettings.shape,
  ...hostSettings.shape,
  ...listenerSettings.shape,
  ...gatewaySettings.pick({ GATEWAY_METRICS_ADDRESS: true }).shape,
  // The embedded server comes with its Web UI, and that wants to be read.
  CODEC_SERVER_PORT: listenerSettings.shape.CODEC_SERVER_PORT.default(3102),
  ...temporalSettings.omit({ TEMPORAL_UI_ORIGIN: true, MAX_CACHED_WORKFLOWS: true }).shape,
  ...machineSettings.pick({ MACHINE_PROVIDER: true }).shape,
  ...upkeepSettings.pick({ RETENTION_DAYS: true }).shape,
  ...runnerSettings.pick({ WORKER_ROLES: true }).shape,
  ...agentSettings.shape,
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
      // Without the UI nobody needs what it would ask for; on a shared machine, nobody should have it.
      CODEC_SERVER_PORT: settings.TEMPORAL_UI ? String(settings.CODEC_SERVER_PORT) : undefined,
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
