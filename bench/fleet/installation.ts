/** A whole embedded installation in its own processes: Temporal, the worker program, the API program; only the cloud is scripted. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openKeyring } from '../../config/open-keyring.ts';
import { apiProcess, workerProcess } from '../../engine/pawl-processes.ts';
import type { ProcessDefinition } from '../../engine/supervisor/process-definition.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { until } from '../../engine/until.ts';
import type { Keyring } from '../../store/keyring.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { isReady, ownerToken } from '../../test/support/api.ts';
import { embeddedTemporal } from '../../test/support/embedded-temporal.ts';
import { startFakeTerminal } from '../../test/support/fake-terminal.ts';
import { freePorts } from '../../test/support/free-ports.ts';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

export interface Installation extends AsyncDisposable {
  temporalAddress: string;
  /** The owner's listener, and the machines'. */
  url: string;
  machineUrl: string;
  store: Store;
  keyring: Keyring;
  /** Folder of the scripted cloud, and the port where every machine's terminal answers. */
  cloud: string;
  terminalPort: number;
  pidOf: (process: InstalledProcess) => number;
  /** Ends the API process as a crash does; resolves once the next one is ready. */
  crashApi(): Promise<void>;
}

export const installedProcesses = ['temporal', 'worker', 'api'] as const;
export type InstalledProcess = (typeof installedProcesses)[number];

/** Starts it with the settings that an installation has by default, without rate limits. */
export async function startInstallation(): Promise<Installation> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const cloud = path.join(home, 'cloud');
  const terminal = await startFakeTerminal();
  cleanup.defer(() => terminal.close());
  const { port: terminalPort } = terminal.connectTo;
  const temporal = await embeddedTemporal(home, { synchronous: 'FULL' });
  const [port = 0, machinePort = 0, metricsPort = 0] = await freePorts(3);
  const [url, machineUrl] = [`http://127.0.0.1:${port}`, `http://127.0.0.1:${machinePort}`];
  const env = {
    ...{ PATH: process.env['PATH'], PAWL_HOME: home, TEMPORAL_ADDRESS: temporal.address, API_TOKEN: ownerToken },
    ...{ PORT: String(port), MACHINE_API_PORT: String(machinePort), MACHINE_API_HOST: '127.0.0.1' },
    ...{ MACHINE_PROVIDER: 'scripted', MACHINE_API_URL: machineUrl, RATE_LIMITS: 'off' },
    ...{ SCRIPTED_CLOUD: cloud, SCRIPTED_TERMINAL_PORT: String(terminalPort) },
    WORKER_METRICS_ADDRESS: `127.0.0.1:${metricsPort}`,
  };

  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start(temporal.definition);
  await supervisor.start(withScriptedCloud(workerProcess({ env, ports: [] })));
  await supervisor.start(apiProcess({ env, ports: [], url }));
  const untilReady = (): Promise<void> => until('everything is ready', () => isReady(url));
  await untilReady();

  const keyring = await openKeyring({ PAWL_HOME: home });
  const store = await openStore({ home, keyring });
  cleanup.defer(() => store.close());
  const records = openRunRecords(home);
  const pidOf = (name: InstalledProcess): number => records.read(name)?.pid ?? Number.NaN;
  const stack = cleanup.move();
  return {
    ...{ temporalAddress: temporal.address, url, machineUrl, store, keyring, cloud, terminalPort },
    pidOf,
    async crashApi() {
      const crashed = pidOf('api');
      process.kill(crashed, 'SIGKILL');
      await until('the API runs again', () => ![crashed, Number.NaN].includes(pidOf('api')));
      await untilReady();
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** The product's own program, which then finds one provider more on its list. */
function withScriptedCloud(program: ProcessDefinition): ProcessDefinition {
  const preload = fileURLToPath(new URL('scripted-cloud.ts', import.meta.url));
  return { ...program, args: ['--import', preload, ...program.args] };
}
