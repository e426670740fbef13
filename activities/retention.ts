/** Forgetting in time: what the store and the blob store hold for readers and retries only. */
import { log } from '@temporalio/activity';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import { listGroupsOlderThan } from '../store/blobs/old-groups.ts';
import type { Store } from '../store/store.ts';
import { ownerOfBlobs } from '../workflows/contract/blobs.ts';
import { runOfCredential, runWorkflowId } from '../workflows/contract/run.ts';
import { sessionStream } from '../workflows/contract/session-events.ts';
import { sessionOfWorkflow, sessionWorkflowId } from '../workflows/contract/session.ts';
import { whileHeartbeating } from './heartbeat.ts';

export interface RetentionDependencies {
  store: Store;
  blobs: BlobStore;
  /** Whether the workflow is running. Rejects when that cannot be told: then nothing is removed. */
  isWorkflowLive: (workflowId: string) => Promise<boolean>;
}

/** How long a POST may be repeated with its key, as is common practice. */
const idempotencyKeyHours = 24;

/** No writer takes this long over one blob, so an unfinished one of that age has no writer any more. */
const unfinishedBlobHours = 24;

/** Whoever accepts a run stores its credentials before it, and by then has started it, or never will. */
const acceptanceHours = 1;

const msPerHour = 3_600_000;

export function createRetentionActivities({ store, blobs, isWorkflowLive }: RetentionDependencies) {
  /**
   * Removes event streams but those of stored sessions, callbacks and accounts of calls to models untouched for `days`, and
   * idempotency keys older than a day. Returns how many went.
   */
  async function removeExpiredRecords({ days }: { days: number }): Promise<Record<string, number>> {
    const before = hoursAgo(days * 24);
    return {
      streams: await store.events.removeStreamsOlderThan(before, sessionStream('')),
      callbacks: await store.callbacks.removeOlderThan(before),
      modelCalls: await store.modelCalls.removeOlderThan(before),
      idempotencyKeys: await store.idempotency.removeOlderThan(hoursAgo(idempotencyKeyHours)),
    };
  }

  /**
   * Removes sessions that nobody used for `days` with their streams, credentials and doors' tokens of runs that do not live,
   * the blobs of workflows that have ended and stored none for as long, and what killed writers left unfinished. Returns how
   * many went.
   */
  async function removeExpiredBlobs({ days }: { days: number }): Promise<Record<string, number>> {
    return await whileHeartbeating(async (signal) => {
      const unfinished = await blobs.removeAbandoned(hoursAgo(unfinishedBlobHours));
      const sessions = await removeUnusedSessions(hoursAgo(days * 24), signal);
      const credentials = await removeStrayCredentials();
      const doorTokens = await removeStrayDoorTokens();
      let blobGroups = 0;
      for (const prefix of await listGroupsOlderThan(blobs, hoursAgo(days * 24))) {
        signal.throwIfAborted();
        if (await isNeeded(ownerOfBlobs(prefix))) continue;
        log.info('forgetting blobs', { prefix });
        await blobs.removeAll(prefix);
        blobGroups += 1;
      }
      return { sessions, credentials, doorTokens, blobGroups, unfinished };
    });
  }

  /** One that works is used, however long ago its prompts came. One that is used at this very moment stays as well. */
  async function removeUnusedSessions(before: Date, signal: AbortSignal): Promise<number> {
    let removed = 0;
    for (const id of await store.sessions.listUnused(before)) {
      signal.throwIfAborted();
      if (await isWorkflowLive(sessionWorkflowId(id))) continue;
      if (await store.sessions.removeUnused(id, { stream: sessionStream(id), before })) removed += 1;
    }
    return removed;
  }

  /** A run takes its own along when it ends; what is left is of those that were never begun, or were ended from outside. */
  async function removeStrayCredentials(): Promise<number> {
    let removed = 0;
    for (const { name, updatedAt } of await store.credentials.list()) {
      const runId = runOfCredential(name);
      if (runId === undefined || (await mayLive(runId, updatedAt))) continue;
      await store.credentials.remove(name);
      removed += 1;
    }
    return removed;
  }

  async function removeStrayDoorTokens(): Promise<number> {
    let removed = 0;
    for (const { runId, createdAt } of await store.doors.listTokens()) {
      if (await mayLive(runId, createdAt)) continue;
      await store.doors.forget(runId);
      removed += 1;
    }
    return removed;
  }

  async function mayLive(runId: string, since: string): Promise<boolean> {
    return since > hoursAgo(acceptanceHours).toISOString() || (await isWorkflowLive(runWorkflowId(runId)));
  }

  /** A session that is remembered goes on from its blobs, however old they are. */
  async function isNeeded(owner: string): Promise<boolean> {
    const sessionId = sessionOfWorkflow(owner);
    return (sessionId !== undefined && !!(await store.sessions.read(sessionId))) || (await isWorkflowLive(owner));
  }

  return { removeExpiredRecords, removeExpiredBlobs };
}

function hoursAgo(hours: number): Date {
  return new Date(Date.now() - hours * msPerHour);
}
