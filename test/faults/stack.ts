/** The processes of an embedded installation, each of its own and supervised: Temporal, the worker, the API. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openKeyring } from '../../config/open-keyring.ts';
import { apiProcess } from '../../engine/pawl-processes.ts';
import type { ProcessDefinition } from '../../engine/supervisor/process-definition.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { openSupervisor } from '../../engine/supervisor/supervisor.ts';
import { until } from '../../engine/until.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { isReady, ownerToken, send } from '../support/api.ts';
import type { Owned } from '../support/client.ts';
import { embeddedTemporal } from '../support/embedded-temporal.ts';
import { startFakeTerminal } from '../support/fake-terminal.ts';
import { freePorts } from '../support/free-ports.ts';
import { readMachines } from '../support/scripted-provider.ts';
import { simulateMachines } from '../support/simulated-machines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { ProcessName } from './matrix.ts';
import type { WorkerOrder } from './worker-order.ts';

export interface Stack extends Owned, AsyncDisposable {
  /** Folder of the gates. */
  gates: string;
  /** Folder of the scripted provider. */
  cloud: string;
  store: Store;
  /** Ends these processes at once, as a crash does; the supervisor starts them again. */
  kill(names: readonly ProcessName[]): void;
}

/** Who is held at gates: the worker, at a point of each workspace; or the API, at a point of its own. */
export async function openStack(held: 'worker' | 'api'): Promise<Stack> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const [gates, cloud] = [path.join(home, 'gates'), path.join(home, 'cloud')];
  const terminal = await startFakeTerminal();
  cleanup.defer(() => terminal.close());
  const [port = 0, machinePort = 0] = await freePorts(2);
  const url = `http://127.0.0.1:${port}`;
  const temporal = await embeddedTemporal(home);
  const env = { PATH: process.env['PATH'], PAWL_HOME: home, TEMPORAL_ADDRESS: temporal.address };

  const supervisor = await openSupervisor(home, () => undefined);
  cleanup.defer(() => supervisor.stop());
  await supervisor.start(temporal.definition);
  const order: WorkerOrder = {
    ...{ cloud, gates: held === 'worker' ? gates : null },
    terminalPort: terminal.connectTo.port,
    machineApiUrl: `http://127.0.0.1:${machinePort}`,
  };
  await supervisor.start(workerProgram(order, env));
  const apiSettings = { PORT: String(port), MACHINE_API_PORT: String(machinePort), MACHINE_API_HOST: '127.0.0.1' };
  const apiEnv = { ...env, ...apiSettings, ...apiChoices, FAULT_GATES: gates };
  await supervisor.start(apiProgram(apiProcess({ env: apiEnv, ports: [], url }), held));

  const store = await openStore({ home, keyring: await openKeyring({ PAWL_HOME: home }) });
  cleanup.defer(() => store.close());
  await until('everything is ready', () => isReady(url));
  cleanup.defer(simulateMachines(() => readMachines(cloud)));
  const records = openRunRecords(home);
  const stack = cleanup.move();

  return {
    ...{ gates, cloud, store },
    call: (method, address, request) => send(`${url}${address}`, method, request),
    kill(names) {
      for (const name of names) {
        const running = records.read(name);
        if (!running) throw new Error(`${name} does not run, so it cannot be killed`);
        process.kill(running.pid, 'SIGKILL');
      }
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

const apiChoices = { API_TOKEN: ownerToken, MACHINE_PROVIDER: 'scripted', RATE_LIMITS: 'off' };

function workerProgram(order: WorkerOrder, env: NodeJS.ProcessEnv): ProcessDefinition {
  const args = [fileOf('worker.ts'), JSON.stringify(order)];
  return { name: 'worker', command: process.execPath, args, env, exitsWithSupervisor: true, drainMs: 2_000 };
}

/** The product's own program, with gates at its writes where those are wanted. */
function apiProgram(program: ProcessDefinition, held: 'worker' | 'api'): ProcessDefinition {
  if (held !== 'api') return program;
  return { ...program, args: ['--import', fileOf('api-gates.ts'), ...program.args] };
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
