import type { RunInput } from '../../workflows/contract/run.ts';
import { sessionStream } from '../../workflows/contract/session-events.ts';
import type { SessionRecord } from '../../store/session-records.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { isSessionBusy } from './is-busy.ts';
import { readTurns } from './turns.ts';

export interface OpenedSession {
  /** Whether there was anything in it before this request: a turn, or one that waits. */
  resuming: boolean;
  /** Forgets it again if this request has stored it and nobody has used it since. */
  undo: () => Promise<void>;
}

/** Sees to it that the session is stored. Fails with `session_not_found` when it is another caller's. */
export async function openSession(
  services: Services,
  {
    sessionId: id,
    owner,
    agent,
    repository,
    createdAt,
  }: Pick<RunInput, 'sessionId' | 'owner' | 'agent' | 'repository' | 'createdAt'>,
): Promise<OpenedSession> {
  const url = repository?.url ?? null;
  const record = await services.store.sessions.ensure({ id, owner, agent, repository: url });
  if (record.owner !== owner) return noSuchSession();
  // A request that is repeated has stored it itself, at that very moment or later.
  const resuming = record.createdAt < createdAt && (await hasTurns(services, record));
  return { resuming, undo: () => undo(services, record) };
}

/** One of which nobody knows whether it was accepted leaves a session that may have none. */
async function hasTurns(services: Services, { id, turns }: SessionRecord): Promise<boolean> {
  return turns > 0 || (await readTurns(services, id)).length > 0 || (await isSessionBusy(services, id));
}

async function undo({ store }: Services, { id, createdAt, updatedAt }: SessionRecord): Promise<void> {
  if (createdAt !== updatedAt) return;
  await store.sessions.removeUnused(id, { stream: sessionStream(id), before: new Date(Date.parse(updatedAt) + 1) });
}

/** The session, if it is this caller's. Fails with `session_not_found`. */
export async function readSession({ store }: Services, owner: string, sessionId: string): Promise<SessionRecord> {
  const record = await store.sessions.read(sessionId);
  return record?.owner === owner ? record : noSuchSession();
}

function noSuchSession(): never {
  throw new Problem('session_not_found', 'There is no such session.');
}
