/** One run, as a test tells its story. */
import type { Client } from '@temporalio/client';
import { until } from '../../../engine/until.ts';
import type { Store } from '../../../store/store.ts';
import { lastRunEventTypes } from '../../../workflows/contract/run-events.ts';
import {
  cancelRunUpdate,
  runStateQuery,
  runStream,
  runWorkflowId,
  type RunInput,
  type RunState,
  type RunStatus,
} from '../../../workflows/contract/run.ts';
import type { agentRun } from '../../../workflows/run/agent-run.ts';
import type { RunWorld } from './run-world.ts';

export interface RunStoryParts {
  client: Client;
  store: Store;
  world: RunWorld;
  input: RunInput;
}

export type RunStory = ReturnType<typeof createRunStory>;

export function createRunStory({ client, store, world, input }: RunStoryParts) {
  const { runId } = input;
  const handle = client.workflow.getHandle<typeof agentRun>(runWorkflowId(runId));

  async function state(): Promise<RunState> {
    return await handle.query(runStateQuery);
  }

  async function eventTypes(): Promise<string[]> {
    return (await store.events.read(runStream(runId), { after: 0, limit: 1000 })).map(({ type }) => type);
  }

  return {
    input,
    runId,
    handle,
    state,
    eventTypes,

    async reaches(status: RunStatus): Promise<void> {
      await until(`the run is ${status}`, async () => (await state()).status === status);
    },

    /** Its agent is at work. */
    async works(): Promise<void> {
      await until('the agent works', () => world.containers.has(runId) && world.jobs.has(runId));
    },

    cancel: () => handle.executeUpdate(cancelRunUpdate, { args: [{ reason: 'requested' }] }),

    /** How it ended. */
    ends: async (): Promise<RunState> => await handle.result(),

    /** How often its end was told. */
    finalWords: async (): Promise<string[]> => (await eventTypes()).filter((type) => lastRunEventTypes.includes(type)),

    /** What is left of it anywhere. */
    remains: (): string[] => [
      ...(world.containers.has(runId) ? ['container'] : []),
      ...(world.doors.has(runId) ? ['door'] : []),
    ],
  };
}
