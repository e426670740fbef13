/** A worker from its parts: of the control plane's queue, of the runners', or of both; `main.ts` builds the real ones. */
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index.ts';
import type { MachineSettings } from '../activities/machine.ts';
import type { PublishDependencies } from '../activities/publish.ts';
import type { CallbackWay } from '../callbacks/post.ts';
import { createDataConverter } from '../codec/data-converter.ts';
import type { TemporalTarget } from '../config/temporal.ts';
import type { GatewayControl } from '../gateway/control/control-client.ts';
import type { Keyring } from '../store/keyring.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import { controlPlaneQueue } from '../workflows/contract/task-queues.ts';
import { buildWorkflowBundle } from './bundle.ts';
import { isWorkflowLive, isWorkspaceLive, waitForWorkflow } from './liveness.ts';
import { startProviderReports } from './provider-reports.ts';
import { usableIn, type NameChoice, type ProviderChoice } from './providers.ts';
import { serveRunner, type RunnerParts } from './runner.ts';
import { ensureSchedules, type UpkeepTimes } from './schedules.ts';

export interface WorkerParts {
  temporal: TemporalTarget;
  store: Store;
  blobs: BlobStore;
  keyring: Keyring;
  providers: readonly ProviderChoice[];
  names: readonly NameChoice[];
  machineSettings: MachineSettings;
  callbackWay: CallbackWay;
  repositories: Pick<PublishDependencies, 'repositories' | 'publishing'>;
  /** The gateway of this host; one that is not there does not answer. */
  gateway: GatewayControl;
  /** Whether it carries workflows and their steps. */
  isControlPlane: boolean;
  /** What else it needs to have agents' containers at its host; absent when it has none. */
  runner?: RunnerParts | undefined;
  upkeep: UpkeepTimes;
  maxCachedWorkflows: number;
  log: Logger;
}

/** Activities that are cut off at the end of this time are repeated by the next worker. */
const shutdownGraceTime = '10 seconds';

/** Serves its queues until `stop` aborts; then lets running work finish, within limits, and closes its connections. */
export async function runWorker(parts: WorkerParts, stop: AbortSignal): Promise<void> {
  const { temporal } = parts;
  const connection = await NativeConnection.connect(temporal.connection);
  const client = await connectClient(parts);
  const { store, upkeep: sweep, log, runner, gateway } = parts;
  const options = workerOptions(parts);
  try {
    await Promise.all([
      parts.isControlPlane && serveControlPlane(parts, connection, client, stop),
      runner && serveRunner(runner, { store, gateway, client, connection, options, sweep, log }, stop),
    ]);
  } finally {
    await client.connection.close();
    await connection.close();
  }
}

async function connectClient({ temporal, keyring }: WorkerParts): Promise<Client> {
  const connection = await Connection.connect(temporal.connection);
  return new Client({ connection, namespace: temporal.namespace, dataConverter: createDataConverter(keyring) });
}

async function serveControlPlane(
  parts: WorkerParts,
  connection: NativeConnection,
  client: Client,
  stop: AbortSignal,
): Promise<void> {
  await ensureSchedules(client, parts.upkeep);
  const worker = await createWorker(parts, connection, client);
  const stopReports = startProviderReports(parts, parts.store.providerReports, parts.log);
  stop.addEventListener('abort', () => worker.shutdown());
  try {
    if (!stop.aborted) await worker.run();
  } finally {
    stopReports();
  }
}

async function createWorker(parts: WorkerParts, connection: NativeConnection, client: Client): Promise<Worker> {
  const { store, blobs, machineSettings, callbackWay, repositories, gateway } = parts;
  const usable = usableIn(parts.providers);
  return await Worker.create({
    ...workerOptions(parts),
    connection,
    workflowBundle: await buildWorkflowBundle(Runtime.instance().logger),
    activities: createActivities({
      store,
      blobs,
      machineSettings,
      callbackWay,
      gateway,
      ...repositories,
      providers: new Map(usable.map((provider) => [provider.id, provider])),
      names: usableIn(parts.names)[0],
      isLive: (workspaceId) => isWorkspaceLive(client, workspaceId),
      isWorkflowLive: (workflowId) => isWorkflowLive(client, workflowId),
      waitForWorkflow: (workflowId, signal) => waitForWorkflow(client, workflowId, signal),
    }),
  });
}

/** How a worker of ours works, whatever its workflows and activities are; benchmarks use it for those of their own. */
export function workerOptions({
  temporal,
  keyring,
  maxCachedWorkflows,
}: Pick<WorkerParts, 'temporal' | 'keyring' | 'maxCachedWorkflows'>): WorkerOptions {
  return {
    namespace: temporal.namespace,
    taskQueue: controlPlaneQueue,
    dataConverter: createDataConverter(keyring),
    maxCachedWorkflows,
    shutdownGraceTime,
    // Workflows in the memory of a worker that died wait so long before another one takes them, as do questions to them. A
    // worker is back in about this time; the default of 10 s would keep its users waiting for nobody.
    stickyQueueScheduleToStartTimeout: '3 seconds',
    // A cancellation reaches an activity with its next heartbeat; the default would hold heartbeats back for a minute.
    maxHeartbeatThrottleInterval: '5 seconds',
  };
}
