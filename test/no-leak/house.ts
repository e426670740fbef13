/** Plays schedules, many at a time, each in a world of its own, on one time-skipping server. */
import { activityInfo } from '@temporalio/activity';
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import pMap from 'p-map';
import type { DataConverter } from '@temporalio/common';
import type { Activities } from '../../activities/index.ts';
import { createDataConverter, failureConverterPath } from '../../codec/data-converter.ts';
import { createKeyring } from '../../store/keyring.ts';
import { isWorkspaceLive } from '../../workers/liveness.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import { startFakeTerminal } from '../support/fake-terminal.ts';
import { newKey } from '../support/keys.ts';
import { startTimeSkipping, workflowBundle } from '../support/time-skipping-server/start.ts';
import { activityNames, attempt, type Surroundings } from './attempt.ts';
import { openGate } from './gate.ts';
import type { Outcome, WorkflowHistory } from './invariants.ts';
import type { Schedule } from './schedule.ts';
import { createTurns } from './turns.ts';
import type { playWorld } from './workflows.ts';
import type { World } from './world.ts';

export interface House extends AsyncDisposable {
  /** What the schedules came to, in their order. */
  play(schedules: readonly Schedule[]): Promise<Outcome[]>;
}

/** As many as keep the machine busy. */
const worldsAtATime = 12;

const logger = new DefaultLogger('ERROR');
const worldsQueue = 'worlds';

export async function openHouse(): Promise<House> {
  Runtime.install({ logger });
  const cleanUp = new AsyncDisposableStack();
  const dataConverter = createDataConverter(createKeyring([newKey()]));
  const env = await startTimeSkipping(dataConverter);
  cleanUp.defer(() => env.teardown());
  // Time passes for everybody or nobody: each result that the environment's own client waits for would take a lock away.
  const client = new Client({ connection: env.connection, dataConverter });
  await env.connection.testService?.unlockTimeSkipping({});
  const terminal = await startFakeTerminal();
  cleanUp.defer(() => terminal.close());
  const gate = cleanUp.use(await openGate());
  const worlds = new Map<number, World>();
  const played: Schedule[] = [];
  const histories: WorkflowHistory[] = [];
  const isLive = (workspaceId: string): Promise<boolean> => isWorkspaceLive(client, workspaceId);
  const shared = { connection: env.nativeConnection, dataConverter };
  const workers = await Promise.all([
    Worker.create({
      ...shared,
      taskQueue: controlPlaneQueue,
      workflowBundle: await workflowBundle(),
      activities: mortal({ gate, terminal: terminal.connectTo, isLive }, worlds),
    }),
    Worker.create({
      ...shared,
      taskQueue: worldsQueue,
      workflowBundle: await bundleWorlds(),
      activities: createTurns({ client, schedules: played, worlds, histories }),
    }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  cleanUp.defer(async () => {
    workers.forEach((worker) => worker.shutdown());
    await running;
  });

  return {
    async play(schedules) {
      const outcomes = await pMap(schedules, playOne, { concurrency: worldsAtATime });
      const unreplayable = await replayAll(histories.splice(0), dataConverter);
      outcomes[0]?.broken.push(...unreplayable);
      return outcomes;
    },
    [Symbol.asyncDispose]: () => cleanUp.disposeAsync(),
  };

  function playOne(schedule: Schedule): Promise<Outcome> {
    const world = played.push(schedule) - 1;
    const options = { taskQueue: worldsQueue, workflowId: `world:${world}`, args: [world] as [number] };
    return client.workflow.execute<typeof playWorld>('playWorld', options);
  }
}

/**
 * A worker that takes over from a dead one replays what there is of the history. The replay of a whole history holds all of
 * those in it.
 */
async function replayAll(histories: WorkflowHistory[], dataConverter: DataConverter): Promise<string[]> {
  const broken: string[] = [];
  const options = { workflowBundle: await workflowBundle(), dataConverter };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error) broken.push(`${workflowId} cannot be replayed: ${error.message}`);
  }
  return broken;
}

function bundleWorlds() {
  const workflowsPath = fileURLToPath(new URL('workflows.ts', import.meta.url));
  return bundleWorkflowCode({ workflowsPath, failureConverterPath, logger });
}

/** The activities of all worlds; whose attempt it is shows in the workflow that asks for it. */
function mortal(surroundings: Surroundings, worlds: ReadonlyMap<number, World>): Activities {
  const entries = activityNames.map((name) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      const { workflowExecution } = activityInfo();
      for (const world of worlds.values()) {
        const actor = world.actors.get(workflowExecution?.workflowId ?? '');
        if (actor) return await attempt(surroundings, world, actor, name, args);
      }
      throw new Error(`nobody plays ${workflowExecution?.workflowId}`);
    },
  ]);
  return Object.fromEntries(entries) as Activities;
}
