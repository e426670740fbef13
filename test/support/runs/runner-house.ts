/** Runs as they are in truth: worker and gateway in processes of their own, agents in containers, git over HTTP. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { createDataConverter } from '../../../codec/data-converter.ts';
import { openKeyring } from '../../../config/open-keyring.ts';
import { gatewayProcess, workerProcess } from '../../../engine/pawl-processes.ts';
import { isRunning } from '../../../engine/supervisor/process-identity.ts';
import { openRunRecords } from '../../../engine/supervisor/run-records.ts';
import { openSupervisor, type Supervisor } from '../../../engine/supervisor/supervisor.ts';
import { until } from '../../../engine/until.ts';
import { connectToGateway } from '../../../gateway/control/control-client.ts';
import { openBlobStore } from '../../../store/blobs/open-blob-store.ts';
import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import { openStore } from '../../../store/open-store.ts';
import type { Store } from '../../../store/store.ts';
import type { Prompt } from '../../../workflows/contract/run.schema.ts';
import { runBlobs, type RunInput } from '../../../workflows/contract/run.ts';
import { promptSessionUpdate, sessionWorkflowId } from '../../../workflows/contract/session.ts';
import { controlPlaneQueue } from '../../../workflows/contract/task-queues.ts';
import type { session } from '../../../workflows/session/session.ts';
import { installedAgents } from '../agents/container.ts';
import { containersMadeSince, dockerThings, removeThings } from '../docker.ts';
import { startTemporal } from '../running-temporal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { newRunInput } from './run-input.ts';
import { openRunView, type RunView } from './run-view.ts';

export interface RunnerHouse extends AsyncDisposable {
  /** The folder of everything that it keeps. */
  home: string;
  store: Store;
  blobs: BlobStore;
  client: Client;
  /** Asks a session for a turn, as the API does. */
  prompt(prompt: Prompt, run?: Partial<RunInput>): Promise<RunView>;
  /** Ends the process at once, as a crash does; it is started again. */
  kill(name: 'worker' | 'gateway'): Promise<void>;
  /** Worker and gateway go away, and come back as another host. */
  moveTo(hostId: string): Promise<void>;
  /** Containers and volumes of runs. */
  things(): Promise<string[]>;
  /** Containers of runs that were made since, also those that are gone. */
  madeSince(time: Date): Promise<string[]>;
}

/** Opens it with these settings over the defaults. */
export async function openRunnerHouse(settings: Record<string, string> = {}): Promise<RunnerHouse> {
  await using cleanup = new AsyncDisposableStack();
  const { path: home } = cleanup.use(await temporaryFolder());
  const installation = `test-${randomBytes(4).toString('hex')}`;
  const label = `io.pawl.installation=${installation}`;
  cleanup.defer(() => removeThings(label));
  const keyring = await openKeyring({ PAWL_HOME: home, PAWL_INSTALLATION: installation, PAWL_SECRET_KEY: undefined });
  const store = await openStore({ home, keyring });
  cleanup.defer(() => store.close());
  const blobs = await openBlobStore({ home });
  cleanup.defer(() => blobs.close());
  // Under a supervisor, and so a home, of its own: it stays when the host goes.
  const server = cleanup.use(await startTemporal(cleanup.use(await temporaryFolder()).path));
  const client = new Client({ connection: server.connection, dataConverter: createDataConverter(keyring) });

  const records = openRunRecords(home);
  const env = (hostId: string): NodeJS.ProcessEnv => ({
    ...inherited(),
    ...{ PAWL_HOME: home, PAWL_INSTALLATION: installation, PAWL_HOST_ID: hostId, AGENTS: installedAgents.join(',') },
    ...{ TEMPORAL_ADDRESS: server.address, WORKER_METRICS_ADDRESS: 'off', GATEWAY_METRICS_ADDRESS: 'off' },
    ...settings,
  });
  const host = movable(async (hostId) => await startHost(home, env(hostId)));
  cleanup.defer(() => host.stop());
  await host.moveTo('host-a');
  const stack = cleanup.move();

  return {
    ...{ home, store, blobs, client, moveTo: (hostId: string) => host.moveTo(hostId) },
    things: () => dockerThings(label),
    madeSince: (time) => containersMadeSince(time, label),
    async kill(name) {
      const running = records.read(name);
      if (!running) throw new Error(`${name} does not run, so it cannot be killed`);
      process.kill(running.pid, 'SIGKILL');
      await until(`${name} is dead`, () => !isRunning(running), { pollMs: 5 });
    },
    async prompt(prompt, differences = {}) {
      const input = newRunInput({ ...{ agent: 'command', modelCredential: null, installation }, ...differences });
      await blobs.put(runBlobs(input.runId).prompt, Readable.from([JSON.stringify(prompt)]), { maxBytes: 1e6 });
      const { sessionId: id, owner, agent, repository } = input;
      await store.sessions.ensure({ id, owner, agent, repository: repository?.url ?? null });
      await askSession(client, input);
      return openRunView({ client, store, blobs, input });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

async function askSession(client: Client, input: RunInput): Promise<void> {
  const { sessionId, runId } = input;
  const startWorkflowOperation = new WithStartWorkflowOperation<typeof session>('session', {
    taskQueue: controlPlaneQueue,
    workflowId: sessionWorkflowId(sessionId),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ sessionId, queueLimit: 20, maxHistoryEvents: 4000 }],
  });
  const update = { startWorkflowOperation, updateId: runId, args: [input] as [RunInput] };
  await client.workflow.executeUpdateWithStart(promptSessionUpdate, update);
}

async function startHost(home: string, env: NodeJS.ProcessEnv): Promise<Supervisor> {
  const supervisor = await openSupervisor(home, () => undefined);
  const gateway = connectToGateway(home);
  await supervisor.start(gatewayProcess({ env, ports: [], isUp: () => gateway.isUp() }));
  await supervisor.start(workerProcess({ env, ports: [] }));
  return supervisor;
}

function movable(start: (hostId: string) => Promise<Supervisor>) {
  let current: Supervisor | undefined;
  return {
    async moveTo(hostId: string) {
      await current?.stop();
      current = await start(hostId);
    },
    stop: async () => await current?.stop(),
  };
}

function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, DOCKER_HOST, PAWL_CACHE_DIR } = process.env;
  return { PATH, HOME, DOCKER_HOST, PAWL_CACHE_DIR };
}
