/** Runs and sessions on the product's own server, with a real event log, on scripted runners. */
import { Client, WithStartWorkflowOperation } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createCallbackActivities } from '../../../activities/callback.ts';
import { createEventActivities } from '../../../activities/events.ts';
import { createDataConverter } from '../../../codec/data-converter.ts';
import { createKeyring } from '../../../store/keyring.ts';
import { openStore } from '../../../store/open-store.ts';
import type { Store } from '../../../store/store.ts';
import { buildWorkflowBundle } from '../../../workers/bundle.ts';
import { placeHeldSignal, runWorkflowId, type RunInput } from '../../../workflows/contract/run.ts';
import { promptSessionUpdate, sessionWorkflowId, type SessionInput } from '../../../workflows/contract/session.ts';
import { controlPlaneQueue, hostQueue, runnerQueue } from '../../../workflows/contract/task-queues.ts';
import type { session } from '../../../workflows/session/session.ts';
import { newKey } from '../keys.ts';
import { startTemporal } from '../running-temporal.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { newRunInput } from './run-input.ts';
import { createRunStory, type RunStory } from './run-story.ts';
import { newRunWorld, type RunScript, type RunWorld } from './run-world.ts';
import { createScriptedRunner } from './scripted-runner.ts';
import { createScriptedSteps } from './scripted-steps.ts';
import type { WorkerPlace } from './workflow-worker.ts';

export interface RunHouse extends AsyncDisposable {
  client: Client;
  store: Store;
  world: RunWorld;
  /** For workers that are not the house's own. */
  place: WorkerPlace;
  /** Sets what goes wrong from here on. */
  play(script: RunScript): void;
  /** Asks a session for a turn, as the API does. */
  prompt(run?: Partial<RunInput>, limits?: Partial<SessionInput>): Promise<RunStory>;
  /** A runner comes, with so many places; the returned function takes it away. */
  addRunner(hostId: string, places?: number): Promise<() => Promise<void>>;
}

/**
 * So long a task waits for a worker that died with it; its runs have this from the session. The default of 10 s is long for a
 * test.
 */
const mortality = { workflowTaskTimeout: '2 seconds' } as const;

/**
 * One for each test file: the server takes a second to start. `key` seals payloads and secrets. With `isWorkflowWorker: false` its
 * worker takes the steps alone, and the workflows wait for another one.
 */
export async function openRunHouse(key = newKey(), { isWorkflowWorker = true } = {}): Promise<RunHouse> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  await using cleanup = new AsyncDisposableStack();
  const folder = cleanup.use(await temporaryFolder());
  const keyring = createKeyring([key]);
  const dataConverter = createDataConverter(keyring);
  const store = await openStore({ home: folder.path, keyring });
  cleanup.defer(() => store.close());
  const server = cleanup.use(await startTemporal(folder.path));
  const client = new Client({ connection: server.connection, dataConverter });
  const connection = await NativeConnection.connect({ address: server.address });
  cleanup.defer(() => connection.close());
  const world = newRunWorld();
  const common = { connection, dataConverter, maxHeartbeatThrottleInterval: 100 };

  const worker = await Worker.create({
    ...common,
    taskQueue: controlPlaneQueue,
    ...(isWorkflowWorker && { workflowBundle: await buildWorkflowBundle(new DefaultLogger('ERROR')) }),
    activities: {
      ...createScriptedSteps(world, store.events, runEnded),
      ...createEventActivities({ store }),
      ...createCallbackActivities({ store, callbackWay: { rules: { insecureHosts: [], privateHosts: [] } } }),
    },
  });
  cleanup.defer(leaveAfter(worker));

  async function runEnded(runId: string): Promise<void> {
    await client.workflow.getHandle(runWorkflowId(runId)).result();
  }

  async function addRunner(hostId: string, places = 2): Promise<() => Promise<void>> {
    const activities = createScriptedRunner(world, hostId, async (runId, place) => {
      await client.workflow.getHandle(runWorkflowId(runId)).signal(placeHeldSignal, place);
    });
    const shared = { ...common, activities, maxConcurrentActivityTaskExecutions: places };
    const workers = [
      await Worker.create({ ...shared, taskQueue: runnerQueue }),
      await Worker.create({ ...common, activities, taskQueue: hostQueue(hostId) }),
    ];
    const leave = workers.map(leaveAfter);
    const leaveOnce = async (): Promise<void> => {
      await Promise.all(leave.splice(0).map((one) => one()));
    };
    stack.defer(leaveOnce);
    return leaveOnce;
  }

  const stack = cleanup.move();
  return {
    ...{ client, store, world, addRunner },
    place: { home: folder.path, address: server.address, key },
    play: (script) => void (world.script = script),
    async prompt(run = {}, limits = {}) {
      const input = newRunInput(run);
      const { sessionId } = input;
      const startWorkflowOperation = new WithStartWorkflowOperation<typeof session>('session', {
        taskQueue: controlPlaneQueue,
        workflowId: sessionWorkflowId(sessionId),
        workflowIdConflictPolicy: 'USE_EXISTING',
        ...(!isWorkflowWorker && mortality),
        args: [{ sessionId, queueLimit: 20, maxHistoryEvents: 4000, ...limits }],
      });
      const updateId = input.runId;
      await client.workflow.executeUpdateWithStart(promptSessionUpdate, {
        startWorkflowOperation,
        updateId,
        args: [input],
      });
      return createRunStory({ client, store, world, input });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

function leaveAfter(worker: Worker): () => Promise<void> {
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
}
