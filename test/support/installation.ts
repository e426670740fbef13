/** The whole product as its owner runs it: `pawl start` in a process of its own, with real machines on Docker. */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { isFree } from '../../engine/free-port.ts';
import { isRunning, type ProcessIdentity } from '../../engine/supervisor/process-identity.ts';
import { openRunRecords } from '../../engine/supervisor/run-records.ts';
import { until } from '../../engine/until.ts';
import { isReady, ownerToken, send } from './api.ts';
import type { Owned } from './client.ts';
import { docker, dockerThings, removeThings } from './docker.ts';
import { freePorts } from './free-ports.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Processes of the installation by the names of their run records; the supervisor is `pawl start` itself. */
export type InstallationProcess = 'worker' | 'api' | 'temporal' | 'gateway' | 'machines-router' | 'supervisor';

export interface Installation extends Owned, AsyncDisposable {
  /** Where the owner's listener is. */
  url: string;
  /** The folder of everything that it keeps. */
  home: string;
  /** Where its Temporal server listens. */
  temporalAddress: string;
  /** Port of the machines' router on 127.0.0.1. */
  machinesPort: number;
  /** Its own processes, as far as they run now. */
  processes(): { name: InstallationProcess; pid: number }[];
  /** Ends the process at once, as a crash does; whoever killed the supervisor starts Pawl again, as its owner would. */
  kill(name: InstallationProcess): Promise<void>;
  /** Resolves once every process runs, every part says that it is ready, and the router listens. */
  untilWhole(): Promise<void>;
  /** Containers, volumes and networks of this workspace. */
  thingsOf(workspaceId: string): Promise<string[]>;
  /** The same, of its runs of agents. */
  thingsOfRuns(): Promise<string[]>;
  /** How many containers of the workspace ever ran. One that the engine refused to start never did. */
  countMachines(workspaceId: string): Promise<number>;
}

const pawl = fileURLToPath(new URL('../../cli/pawl.ts', import.meta.url));
const names: InstallationProcess[] = ['worker', 'api', 'temporal', 'gateway', 'machines-router', 'supervisor'];
const startMs = 180_000;

/** Starts it under a home and a name of its own. Repositories may come by plain http from `gitHost`. */
export async function openInstallation(gitHost: string, settings: NodeJS.ProcessEnv = {}): Promise<Installation> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const installation = `test-${randomBytes(4).toString('hex')}`;
  cleanup.defer(() => removeThings(`io.pawl.installation=${installation}`));
  const [port = 0, machinePort = 0, machinesPort = 0, codecPort = 0, temporalPort = 0] = await freePorts(5);
  const environment = {
    ...inherited(),
    ...{ PAWL_HOME: home, PAWL_INSTALLATION: installation, API_TOKEN: ownerToken, RATE_LIMITS: 'off' },
    ...{ PORT: String(port), MACHINE_API_PORT: String(machinePort), MACHINES_PORT: String(machinesPort) },
    ...{ CODEC_SERVER_PORT: String(codecPort), TEMPORAL_PORT: String(temporalPort), TEMPORAL_UI: 'off' },
    ...{
      WORKER_METRICS_ADDRESS: 'off',
      GATEWAY_METRICS_ADDRESS: 'off',
      HEARTBEAT_SECONDS: '2',
      GIT_INSECURE_HOSTS: gitHost,
      // Agents, and the image that they work in, have tests of their own.
      WORKER_ROLES: 'control-plane',
    },
    ...settings,
  };
  const records = openRunRecords(home);
  const url = `http://127.0.0.1:${port}`;
  const router = { host: '127.0.0.1', port: machinesPort };
  const startedAt = Math.floor(Date.now() / 1000);

  async function untilWhole(): Promise<void> {
    const isWhole = async (): Promise<boolean> => {
      if (hasEnded(supervisor)) throw new Error('pawl start has ended');
      return names.every((name) => isAlive(records.read(name))) && (await isReady(url)) && !(await isFree(router));
    };
    await until('the whole installation is ready', isWhole, { deadlineMs: startMs });
  }

  let supervisor = startPawl(environment, home);
  cleanup.defer(() => endGently(supervisor));
  await untilWhole();
  const stack = cleanup.move();

  return {
    ...{ url, home, machinesPort, untilWhole, temporalAddress: `127.0.0.1:${temporalPort}` },
    processes: () =>
      names.flatMap((name) => {
        const running = records.read(name);
        return running && isRunning(running) ? [{ name, pid: running.pid }] : [];
      }),
    call: (method, address, request) => send(`${url}${address}`, method, request),
    async kill(name) {
      const running = records.read(name);
      if (!running) throw new Error(`${name} does not run, so it cannot be killed`);
      const ended = name === 'supervisor' ? once(supervisor, 'exit') : undefined;
      process.kill(running.pid, 'SIGKILL');
      await until(`${name} is dead`, () => !isRunning(running), { pollMs: 5 });
      await ended;
      if (ended) supervisor = startPawl(environment, home);
    },
    thingsOf: (workspaceId) => dockerThings(...labelsOf(installation, workspaceId)),
    thingsOfRuns: () => dockerThings(`io.pawl.installation=${installation}`, 'io.pawl.run'),
    countMachines: (workspaceId) => countMachines(labelsOf(installation, workspaceId), startedAt),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function startPawl(environment: NodeJS.ProcessEnv, home: string): ChildProcess {
  const log = openSync(path.join(home, 'pawl.log'), 'a');
  return spawn(process.execPath, [pawl, 'start'], { env: environment, stdio: ['ignore', log, log] });
}

async function endGently(supervisor: ChildProcess): Promise<void> {
  if (hasEnded(supervisor)) return;
  supervisor.kill('SIGTERM');
  await once(supervisor, 'exit');
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** What a program needs to run here at all, and where this machine has Temporal and Docker. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, DOCKER_HOST, TEMPORAL_CLI_PATH, PAWL_CACHE_DIR } = process.env;
  return { PATH, HOME, DOCKER_HOST, TEMPORAL_CLI_PATH, PAWL_CACHE_DIR };
}

function isAlive(identity: ProcessIdentity | undefined): boolean {
  return identity !== undefined && isRunning(identity);
}

function labelsOf(installation: string, workspaceId: string): string[] {
  return [`io.pawl.installation=${installation}`, `io.pawl.workspace=${workspaceId}`];
}

/** The engine remembers what it did; asked for a time that has passed, it answers and ends. */
async function countMachines(labels: string[], sinceSeconds: number): Promise<number> {
  const filters = ['type=container', 'event=start', ...labels.map((label) => `label=${label}`)];
  const options = [
    '--since',
    String(sinceSeconds),
    '--until',
    String(Math.floor(Date.now() / 1000)),
    '--format',
    '{{.ID}}',
  ];
  const ids = await docker('events', ...options, ...filters.flatMap((filter) => ['--filter', filter]));
  return new Set(ids.split('\n').filter((id) => id !== '')).size;
}
