import { Connection } from '@temporalio/client';
import path from 'node:path';
import type { ProcessDefinition } from '../engine/supervisor/process-definition.ts';
import type { Supervisor } from '../engine/supervisor/supervisor.ts';
import { prepareNamespace } from '../engine/temporal/namespace.ts';
import { provideTemporalCli } from '../engine/temporal/provide-cli.ts';
import { temporalProcess } from '../engine/temporal/server-process.ts';
import { codecUrl } from './addresses.ts';
import { type CliConfig, type Cluster, embeddedAddress } from './config.ts';
import type { Step } from './steps.ts';

/** Brings up the Temporal server that everything runs on: our own, or the cluster that the settings name. */
export function temporalSteps(config: CliConfig, supervisor: Supervisor): Step[] {
  return config.cluster ? [clusterStep(config, config.cluster)] : embeddedSteps(config, supervisor);
}

function clusterStep({ settings }: CliConfig, cluster: Cluster): Step {
  return {
    title: 'Temporal cluster',
    run: async (report) => {
      report(`preparing namespace ${cluster.namespace} at ${cluster.address}`);
      const { namespace } = cluster;
      const connection = await Connection.connect(cluster.connection);
      try {
        await prepareNamespace(connection, {
          namespace,
          retentionDays: settings.RETENTION_DAYS,
          mayShortenRetention: false,
        });
      } finally {
        await connection.close();
      }
      return cluster.address;
    },
  };
}

function embeddedSteps(config: CliConfig, supervisor: Supervisor): Step[] {
  const { TEMPORAL_CLI_PATH: cliPath, PAWL_CACHE_DIR: cacheFolder } = config.settings;
  let cli = '';
  return [
    {
      title: 'Temporal CLI',
      run: async (report) => (cli = await provideTemporalCli({ cliPath, cacheFolder }, report)),
    },
    {
      title: 'Temporal server',
      run: async (report) => {
        report('starting');
        await supervisor.start(embeddedServer(config, cli));
        return embeddedAddress(config.settings);
      },
    },
  ];
}

function embeddedServer({ settings, namespace, bare }: CliConfig, cliPath: string): ProcessDefinition {
  return temporalProcess({
    cliPath,
    env: bare,
    retentionDays: settings.RETENTION_DAYS,
    server: {
      databaseFile: path.join(settings.PAWL_HOME, 'temporal.db'),
      ip: '127.0.0.1',
      port: settings.TEMPORAL_PORT,
      uiPort: settings.TEMPORAL_UI ? settings.TEMPORAL_UI_PORT : undefined,
      namespace,
      synchronous: settings.TEMPORAL_SYNCHRONOUS,
      codecEndpoint: codecUrl(settings),
      logLevel: settings.TEMPORAL_LOG_LEVEL,
    },
  });
}
