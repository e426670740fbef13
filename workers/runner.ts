/** The runner's side of a worker: it asks for runs while it has places, and takes their steps at this host. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createRunnerActivities, type RunnerDependencies } from '../activities/runner.ts';
import { createRunnerPlaces, type RunnerPlaces } from '../activities/runner-places.ts';
import type { GatewayControl } from '../gateway/control/control-client.ts';
import { listRunIds } from '../local-cloud/runs/list-runs.ts';
import type { Store } from '../store/store.ts';
import { placeHeldSignal, runWorkflowId } from '../workflows/contract/run.ts';
import { hostQueue, runnerQueue } from '../workflows/contract/task-queues.ts';
import { startRunnerSweep, type SweepTimes } from './runner-sweep.ts';

export interface RunnerParts extends Omit<RunnerDependencies, 'places' | 'tellPlace' | 'store' | 'gateway'> {
  places: number;
}

export interface RunnerContext {
  store: Store;
  gateway: GatewayControl;
  client: Client;
  connection: NativeConnection;
  /** As every worker of ours has them. */
  options: WorkerOptions;
  sweep: SweepTimes;
  log: Logger;
}

/** More than the steps that the runs of one host have at the same time. */
const maxSteps = 200;

/** Between two questions to an engine that does not answer. */
const enginePauseMs = 10_000;

/** Serves this host's runs until `stop` aborts. Without an engine there are none; it waits for one. */
export async function serveRunner(parts: RunnerParts, context: RunnerContext, stop: AbortSignal): Promise<void> {
  const { log } = context;
  const places = createRunnerPlaces(parts.places);
  const known = await findRunsHere(parts, log, stop);
  if (!known) return;
  // Runs of before keep their places, until they are asked for again or are gone.
  known.forEach((runId) => places.takeBack(runId));
  const workers = await createWorkers(parts, context, places);
  log.info({ hostId: parts.hostId, places: parts.places, known: known.length }, 'this host runs agents');
  const stopSweep = startRunnerSweep({ ...parts, ...context, places });
  stop.addEventListener('abort', () => workers.forEach((worker) => worker.shutdown()));
  try {
    if (!stop.aborted) await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    stopSweep();
  }
}

async function findRunsHere({ runs }: RunnerParts, log: Logger, stop: AbortSignal): Promise<string[] | undefined> {
  while (!stop.aborted) {
    try {
      return await listRunIds(runs, { isRunning: true });
    } catch (error) {
      log.warn({ err: error }, 'no Docker engine answers, so no agent can work on this host');
      await sleep(enginePauseMs, undefined, { signal: stop }).catch(() => undefined);
    }
  }
  return undefined;
}

async function createWorkers(
  parts: RunnerParts,
  { store, gateway, client, connection, options }: RunnerContext,
  places: RunnerPlaces,
): Promise<Worker[]> {
  const activities = createRunnerActivities({
    ...parts,
    ...{ store, gateway, places },
    tellPlace: async (runId, place) => {
      await client.workflow.getHandle(runWorkflowId(runId)).signal(placeHeldSignal, place);
    },
  });
  const common = { ...options, connection, activities: { ...activities } };
  return [
    await Worker.create({ ...common, taskQueue: runnerQueue, tuner: tunerFor(places) }),
    await Worker.create({
      ...common,
      taskQueue: hostQueue(parts.hostId),
      maxConcurrentActivityTaskExecutions: maxSteps,
    }),
  ];
}

function tunerFor({ slots }: RunnerPlaces): NonNullable<WorkerOptions['tuner']> {
  const one = { type: 'fixed-size', numSlots: 1 } as const;
  return {
    activityTaskSlotSupplier: slots,
    workflowTaskSlotSupplier: one,
    localActivityTaskSlotSupplier: one,
    nexusTaskSlotSupplier: one,
  };
}
