/** The product's own Temporal server, on free ports and a database in the test's folder. */
import { env } from 'node:process';
import path from 'node:path';
import { Connection } from '@temporalio/client';
import { defaultCacheFolder } from '../../config/cache-folder.ts';
import type { ProcessDefinition } from '../../engine/supervisor/process-definition.ts';
import { provideTemporalCli } from '../../engine/temporal/provide-cli.ts';
import { temporalProcess } from '../../engine/temporal/server-process.ts';
import type { ServerOptions } from '../../engine/temporal/server-options.ts';
import { freePorts } from './free-ports.ts';

export interface EmbeddedTemporal {
  definition: ProcessDefinition;
  address: string;
  connect(): Promise<Connection>;
}

/** The definition of a server whose database stays in `folder`, for a supervisor to run. */
export async function embeddedTemporal(
  folder: string,
  overrides: Partial<ServerOptions> = {},
): Promise<EmbeddedTemporal> {
  const cacheFolder = env['PAWL_CACHE_DIR'] ?? defaultCacheFolder();
  const cliPath = await provideTemporalCli({ cliPath: env['TEMPORAL_CLI_PATH'], cacheFolder }, console.error);
  const [port = 0] = await freePorts(1);
  const server: ServerOptions = {
    databaseFile: path.join(folder, 'temporal.db'),
    ip: '127.0.0.1',
    port,
    uiPort: undefined,
    namespace: 'default',
    synchronous: 'NORMAL',
    codecEndpoint: undefined,
    logLevel: 'error',
    ...overrides,
  };
  const definition = temporalProcess({
    cliPath,
    server,
    retentionDays: 30,
    env: { PATH: env['PATH'], HOME: env['HOME'] },
  });
  const address = `127.0.0.1:${port}`;
  return { definition, address, connect: () => Connection.connect({ address }) };
}
