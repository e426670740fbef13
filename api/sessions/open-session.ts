import type { RunInput } from '../../workflows/contract/run.ts';
import type { SessionRecord } from '../../store/session-records.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

/**
 * Sees to it that the session is stored, and returns whether it was there before this request. Fails with `session_not_found`
 * when it is another caller's.
 */
export async function openSession(
  services: Services,
  {
    sessionId: id,
    owner,
    agent,
    repository,
    createdAt,
  }: Pick<RunInput, 'sessionId' | 'owner' | 'agent' | 'repository' | 'createdAt'>,
): Promise<boolean> {
  const url = repository?.url ?? null;
  const record = await services.store.sessions.ensure({ id, owner, agent, repository: url });
  if (record.owner !== owner) return noSuchSession();
  // A request that is repeated has stored it itself, at that very moment or later.
  return record.createdAt < createdAt;
}

/** The session, if it is this caller's. Fails with `session_not_found`. */
export async function readSession({ store }: Services, owner: string, sessionId: string): Promise<SessionRecord> {
  const record = await store.sessions.read(sessionId);
  return record?.owner === owner ? record : noSuchSession();
}

function noSuchSession(): never {
  throw new Problem('session_not_found', 'There is no such session.');
}
