/** One run, as those see it who look from outside: its state, its stream, its files. */
import { buffer } from 'node:stream/consumers';
import type { Client } from '@temporalio/client';
import { until } from '../../../engine/until.ts';
import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import type { Store, StoredEvent } from '../../../store/store.ts';
import {
  cancelRunUpdate,
  runBlobs,
  runStateQuery,
  runStream,
  runWorkflowId,
  type RunInput,
  type RunState,
} from '../../../workflows/contract/run.ts';
import type { agentRun } from '../../../workflows/run/agent-run.ts';

export interface RunViewParts {
  client: Client;
  store: Store;
  blobs: BlobStore;
  input: RunInput;
}

export type RunView = ReturnType<typeof openRunView>;

export function openRunView({ client, store, blobs, input }: RunViewParts) {
  const { runId } = input;
  const handle = client.workflow.getHandle<typeof agentRun>(runWorkflowId(runId));

  async function events(): Promise<StoredEvent[]> {
    return await store.events.read(runStream(runId), { after: 0, limit: 10_000 });
  }

  return {
    ...{ input, runId, handle, events },
    state: async (): Promise<RunState> => await handle.query(runStateQuery),
    ends: async (): Promise<RunState> => await handle.result(),
    cancel: () => handle.executeUpdate(cancelRunUpdate, { args: [{ reason: 'requested' }] }),
    types: async (): Promise<string[]> => (await events()).map(({ type }) => type),

    /** The agent's own messages. */
    messages: async (): Promise<Record<string, unknown>[]> => messagesIn(await events()),

    /** Resolves when an agent's message satisfies this. */
    async says(text: string): Promise<void> {
      const isSaid = async () => messagesIn(await events()).some((message) => JSON.stringify(message).includes(text));
      await until(`the agent says ${text}`, isSaid, { pollMs: 50 });
    },

    async file(name: string): Promise<string | undefined> {
      const blob = await blobs.get(runBlobs(runId).file(name));
      return blob && (await buffer(blob.stream)).toString();
    },
  };
}

function messagesIn(events: StoredEvent[]): Record<string, unknown>[] {
  const messages = events.filter(({ type }) => type === 'agent.message');
  return messages.map(({ data }) => (data as { message: Record<string, unknown> }).message);
}
