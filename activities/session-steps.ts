/** What a session goes on from: kept when a turn ends, read when the next one begins. */
import { z } from 'zod';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import { blobPrefixOf } from '../workflows/contract/blobs.ts';
import type { RunUpkeepSteps, SessionOrder } from '../workflows/contract/run-steps.ts';
import type { SessionCheckpoint } from '../workflows/contract/run.ts';
import { Checkpoint } from '../workflows/contract/session-checkpoint.schema.ts';
import { sessionWorkflowId } from '../workflows/contract/session.ts';
import { failure } from './failures.ts';
import { copyBlob } from './run-job.ts';

export interface SessionDependencies {
  store: Pick<Store, 'sessions'>;
  blobs: BlobStore;
}

export function createSessionSteps({ store, blobs }: SessionDependencies) {
  /**
   * The blobs are the session's own from here on: they outlive the run's. Those of the turn before go last. A
   * session that was forgotten meanwhile stays so.
   */
  async function saveSession({ runId, sessionId, checkpoint }: SessionOrder): Promise<void> {
    if (!(await store.sessions.read(sessionId))) return;
    const own = (from: string, name: string) => keepBlob(sessionId, from, `${runId}-${name}`);
    const { conversation, unpublished = null } = checkpoint;
    const kept: SessionCheckpoint = {
      ...checkpoint,
      conversation: conversation && { ...conversation, archive: await own(conversation.archive, 'conversation.tar') },
      unpublished: unpublished && {
        ...unpublished,
        bundle: await own(unpublished.bundle, 'work.bundle'),
        archive: await own(unpublished.archive, 'repository.tar'),
      },
    };
    await store.sessions.keep(sessionId, { runId, checkpoint: kept });
    await removeOthers(sessionId, kept);
  }

  /** Returns the key under which the session has it; the key itself when it is the session's already. */
  async function keepBlob(sessionId: string, from: string, name: string): Promise<string> {
    const all = blobPrefixOf(sessionWorkflowId(sessionId));
    if (from.startsWith(all)) return from;
    await copyBlob(blobs, from, all + name);
    return all + name;
  }

  async function removeOthers(sessionId: string, { conversation, unpublished }: SessionCheckpoint): Promise<void> {
    const kept = [conversation?.archive, unpublished?.bundle, unpublished?.archive];
    const all = blobPrefixOf(sessionWorkflowId(sessionId));
    for await (const { key } of blobs.list(all)) if (!kept.includes(key)) await blobs.remove(key);
  }

  async function readCheckpoint({ sessionId }: { sessionId: string }): Promise<SessionCheckpoint | null> {
    const record = await store.sessions.read(sessionId);
    if (!record?.checkpoint) return null;
    const { data, error } = Checkpoint.safeParse(record.checkpoint);
    if (data) return data;
    throw failure('CheckpointUnreadable', `What the session goes on from cannot be read: ${z.prettifyError(error)}`);
  }

  return { saveSession, readCheckpoint } satisfies Partial<RunUpkeepSteps>;
}
