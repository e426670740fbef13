/** Plays schedules, many at a time, each in a world of its own, on one time-skipping server. */
import { mock } from 'node:test';
import { activityInfo } from '@temporalio/activity';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import bcrypt from 'bcryptjs';
import type { Activities } from '../../activities/index.ts';
import { createDataConverter } from '../../codec/data-converter.ts';
import { createKeyring } from '../../store/keyring.ts';
import { isWorkspaceLive } from '../../workers/liveness.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import { startFakeTerminal } from '../support/fake-terminal.ts';
import { newKey } from '../support/keys.ts';
import { startTimeSkipping, workflowBundle } from '../support/time-skipping-server/start.ts';
import { activityNames, attempt, type Surroundings } from './attempt.ts';
import { openGate } from './gate.ts';
import type { Outcome, WorkflowHistory } from './invariants.ts';
import { playAll } from './play.ts';
import type { Schedule } from './schedule.ts';
import { watchForServerFault } from './server-fault.ts';
import type { World } from './world.ts';

export interface House<Result = Outcome> extends AsyncDisposable {
  /** What the schedules came to, in their order. One call at a time. */
  play(schedules: readonly Schedule[]): Promise<Result[]>;
}

/** A play that a fault of the server cut off came to nothing; the house is of no use any more then. */
export async function openHouse(): Promise<House<Outcome | undefined>> {
  let isFaulty = false;
  const fault = watchForServerFault().then(() => void (isFaulty = true));
  // Every try of every creation hashes a password: here with the least that bcrypt takes.
  const { hash } = bcrypt;
  mock.method(bcrypt, 'hash', (password: string) => hash(password, 4));
  const cleanUp = new AsyncDisposableStack();
  const dataConverter = createDataConverter(createKeyring([newKey()]));
  const env = await startTimeSkipping(dataConverter);
  cleanUp.defer(() => env.teardown());
  // Time passes for everybody or nobody: each result that the environment's own client waits for would let it.
  const client = new Client({ connection: env.connection, dataConverter });
  const terminal = await startFakeTerminal();
  cleanUp.defer(() => terminal.close());
  const gate = cleanUp.use(await openGate());
  const worlds = new Set<World>();
  const isLive = (workspaceId: string): Promise<boolean> => isWorkspaceLive(client, workspaceId);
  const worker = await Worker.create({
    ...{ connection: env.nativeConnection, dataConverter, taskQueue: controlPlaneQueue },
    workflowBundle: await workflowBundle(),
    activities: mortal({ gate, terminal: terminal.connectTo, isLive }, worlds),
  });
  const running = worker.run();
  cleanUp.defer(async () => {
    worker.shutdown();
    await running;
  });

  return {
    async play(schedules) {
      const histories: WorkflowHistory[] = [];
      const outcomes = new Array<Outcome | undefined>(schedules.length).fill(undefined);
      await Promise.race([playAll({ env, client, worlds, histories }, schedules, outcomes), fault]);
      // Copies: a play that was cut off goes on behind this, until its process ends.
      const ended = [...outcomes];
      await replayAll([...histories], dataConverter);
      return ended;
    },
    async [Symbol.asyncDispose]() {
      // Its worker would wait for workflows that go on no more; whoever runs the house ends its processes.
      if (!isFaulty) await cleanUp.disposeAsync();
    },
  };
}

/**
 * A worker that takes over from a dead one replays what there is of the history. The replay of a whole history holds all of
 * those in it.
 */
async function replayAll(histories: readonly WorkflowHistory[], dataConverter: DataConverter): Promise<void> {
  const brokenIn = new Map(histories.map(({ workflowId, broken }) => [workflowId, broken]));
  const options = { workflowBundle: await workflowBundle(), dataConverter };
  for await (const { workflowId, error } of Worker.runReplayHistories(options, histories)) {
    if (error) brokenIn.get(workflowId)?.push(`${workflowId} cannot be replayed: ${error.message}`);
  }
}

/** The activities of all worlds; whose attempt it is shows in the workflow that asks for it. */
function mortal(surroundings: Surroundings, worlds: ReadonlySet<World>): Activities {
  const entries = activityNames.map((name) => [
    name,
    async (...args: unknown[]): Promise<unknown> => {
      const { workflowExecution } = activityInfo();
      for (const world of worlds) {
        const actor = world.actors.get(workflowExecution?.workflowId ?? '');
        if (!actor) continue;
        world.attempts.begun += 1;
        world.attempts.underWay += 1;
        try {
          return await attempt(surroundings, world, actor, name, args);
        } finally {
          world.attempts.underWay -= 1;
        }
      }
      throw new Error(`nobody plays ${workflowExecution?.workflowId}`);
    },
  ]);
  return Object.fromEntries(entries) as Activities;
}
