/** Whether an agent could begin at once, as far as this process knows. */
import type { RunStatus } from '../workflows/contract/run.ts';
import { runnerQueue } from '../workflows/contract/task-queues.ts';
import { countRuns } from './runs/list-runs.ts';
import type { ServiceParts } from './services.ts';
import { within } from './workspaces/temporal.ts';

export type WorkerStatus = 'idle' | 'busy';

export interface WorkerLoad {
  /** What was found last; never waits. Asks for news in the background. */
  lastKnown(): WorkerStatus;
  /** What is found now, or was within the last second. `busy` while nobody can tell. */
  read(): Promise<WorkerStatus>;
  /** Resolves when nothing is asked in the background: only then may the connection to Temporal be closed. */
  settled(): Promise<void>;
}

const freshMs = 1_000;

/** Who asks whether this process is well does not wait for Temporal, and neither does its end. */
const answerMs = 1_000;

/** Those that have a place on a runner. */
const placed: RunStatus[] = ['preparing', 'working'];

/** `TASK_QUEUE_TYPE_ACTIVITY`; the package of the enumerations cannot be imported by name from a module. */
const activityQueue = 2;

/** One for a process: however many ask, Temporal is asked once a second at most. */
export function createWorkerLoad(parts: ServiceParts): WorkerLoad {
  let status: WorkerStatus = 'idle';
  let reading: Promise<WorkerStatus> | undefined;
  let readAt = -Infinity;

  async function look(): Promise<WorkerStatus> {
    try {
      status = (await hasFreePlace(parts)) ? 'idle' : 'busy';
    } catch (error) {
      parts.log.warn({ err: error }, 'cannot tell how many agents work');
      status = 'busy';
    }
    return status;
  }

  async function read(): Promise<WorkerStatus> {
    if (!reading || performance.now() - readAt > freshMs) {
      readAt = performance.now();
      reading = look();
    }
    return await reading;
  }

  return {
    read,
    lastKnown() {
      void read();
      return status;
    },
    settled: async () => void (await reading),
  };
}

/** A runner that is full for minutes does not show, so with many of them this errs on the side of `busy`. */
async function hasFreePlace(parts: ServiceParts): Promise<boolean> {
  const places = parts.settings.RUNNER_PLACES * Math.max(await countRunners(parts), 1);
  return (await countRuns(parts, placed, answerMs)) < places;
}

/** Runners that asked for a run in the last minutes, as far as Temporal remembers. */
async function countRunners(parts: ServiceParts): Promise<number> {
  const { options, connection } = parts.temporal;
  const { pollers } = await within(parts, answerMs, () =>
    connection.workflowService.describeTaskQueue({
      namespace: options.namespace,
      taskQueue: { name: runnerQueue },
      taskQueueType: activityQueue,
    }),
  );
  return new Set(pollers?.map(({ identity }) => identity)).size;
}
