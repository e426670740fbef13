/** The turns that a session has had, as its stream tells them. */
import { sessionStream, type Turn } from '../../workflows/contract/session-events.ts';
import { ownerAttribute } from '../../workflows/contract/search-attributes.ts';
import { Problem } from '../problems.ts';
import { sessionHandle, unlessMissing } from '../runs/temporal.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';

const pageTurns = 200;

export type NumberedTurn = Turn & { number: number };

/** The turns after this one, oldest first; at most a page of them. */
export async function readTurns({ store }: Services, sessionId: string, after: number): Promise<NumberedTurn[]> {
  const events = await store.events.read(sessionStream(sessionId), { after, limit: pageTurns });
  return events.map(({ seq, data }) => ({ ...(data as Turn), number: seq }));
}

/** The newest turn; `undefined` when there was none yet. */
export async function readLastTurn(services: Services, sessionId: string): Promise<NumberedTurn | undefined> {
  let last: NumberedTurn | undefined;
  for (;;) {
    const page = await readTurns(services, sessionId, last?.number ?? 0);
    last = page.at(-1) ?? last;
    if (page.length < pageTurns) return last;
  }
}

/** The turn that this run was; `undefined` when it has not had it yet. */
export async function turnOfRun(
  services: Services,
  sessionId: string,
  runId: string,
): Promise<NumberedTurn | undefined> {
  for (let after = 0; ; ) {
    const page = await readTurns(services, sessionId, after);
    const found = page.find((turn) => turn.runId === runId);
    const last = page.at(-1);
    if (found || !last) return found;
    after = last.number;
  }
}

/**
 * Whether there is such a session, be it that its first turn has only been asked for. Fails with `session_not_found` when it is
 * another caller's.
 */
export async function isSessionOf(services: Services, owner: string, sessionId: string): Promise<boolean> {
  const [first] = await readTurns(services, sessionId, 0);
  const found = first?.owner ?? (await ownerOfExecution(services, sessionId));
  if (found !== undefined && found !== owner) return noSuchSession();
  return found !== undefined;
}

/** Fails with `session_not_found` unless it is a session of this caller. */
export async function checkSession(services: Services, owner: string, sessionId: string): Promise<void> {
  if (!(await isSessionOf(services, owner, sessionId))) noSuchSession();
}

async function ownerOfExecution(services: Services, sessionId: string): Promise<string | undefined> {
  const description = within(services, serverAnswerMs, () => sessionHandle(services, sessionId).describe());
  const owner = description.then(({ typedSearchAttributes }) => typedSearchAttributes.get(ownerAttribute));
  return await unlessMissing<string | undefined>(owner, () => undefined);
}

function noSuchSession(): never {
  throw new Problem('session_not_found', 'There is no such session.');
}
