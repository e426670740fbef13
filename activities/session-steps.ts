/** What a session goes on from: kept when a turn ends, read when the next one begins. */
import { z } from 'zod';
import { AgentId } from '../workflows/contract/run.schema.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import { blobPrefixOf } from '../workflows/contract/blobs.ts';
import type { RunUpkeepSteps, SessionOrder } from '../workflows/contract/run-steps.ts';
import type { SessionCheckpoint } from '../workflows/contract/run.ts';
import { sessionWorkflowId } from '../workflows/contract/session.ts';
import { copyBlob } from './run-job.ts';

export interface SessionDependencies {
  store: Pick<Store, 'sessions'>;
  blobs: BlobStore;
}

const Checkpoint = z.object({
  conversation: z.object({ agent: AgentId, providerSessionId: z.string(), archive: z.string() }).nullable(),
  branch: z.string().nullable(),
  head: z.string().nullable(),
}) satisfies z.ZodType<SessionCheckpoint>;

export function createSessionSteps({ store, blobs }: SessionDependencies) {
  /** The archive is the session's own from here on: it outlives the run's blobs. The one before goes last. */
  async function saveSession({ runId, sessionId, owner, agent, repository, checkpoint }: SessionOrder): Promise<void> {
    await store.sessions.ensure({ id: sessionId, owner, agent, repository: repository?.url ?? null });
    const conversation = checkpoint.conversation && (await keepArchive(sessionId, runId, checkpoint.conversation));
    await store.sessions.keep(sessionId, { runId, checkpoint: { ...checkpoint, conversation } });
    const all = blobPrefixOf(sessionWorkflowId(sessionId));
    for await (const { key } of blobs.list(all)) if (key !== conversation?.archive) await blobs.remove(key);
  }

  async function keepArchive(
    sessionId: string,
    runId: string,
    conversation: NonNullable<SessionCheckpoint['conversation']>,
  ): Promise<SessionCheckpoint['conversation']> {
    const all = blobPrefixOf(sessionWorkflowId(sessionId));
    if (conversation.archive.startsWith(all)) return conversation;
    const archive = `${all}${runId}.tar`;
    return (await copyBlob(blobs, conversation.archive, archive)) ? { ...conversation, archive } : null;
  }

  async function readCheckpoint({ sessionId }: { sessionId: string }): Promise<SessionCheckpoint | null> {
    const record = await store.sessions.read(sessionId);
    return record?.checkpoint ? Checkpoint.parse(record.checkpoint) : null;
  }

  return { saveSession, readCheckpoint } satisfies Partial<RunUpkeepSteps>;
}
