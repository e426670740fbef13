import { sessionStream } from '../../workflows/contract/session-events.ts';
import { Problem } from '../problems.ts';
import type { RunWish } from '../runs/accept-run.ts';
import type { PromptRequest } from '../runs/run-request.ts';
import { furtherWish } from '../runs/wish.ts';
import type { Services } from '../services.ts';
import { workerAnswerMs } from '../workspaces/temporal.ts';
import { readSession } from './open-session.ts';
import { readTurns, type NumberedTurn } from './turns.ts';

/** What a further prompt asks for, after the turn before. Fails with `session_not_found`, and like `furtherWish`. */
export async function promptWish(
  services: Services,
  owner: string,
  sessionId: string,
  request: PromptRequest,
): Promise<RunWish> {
  await readSession(services, owner, sessionId);
  return await furtherWish(services, sessionId, await lastTurn(services, sessionId), request);
}

/** A session whose first turn is accepted has it within moments. */
export async function lastTurn(services: Services, sessionId: string): Promise<NumberedTurn> {
  const last = async (): Promise<NumberedTurn | undefined> => (await readTurns(services, sessionId)).at(-1);
  const found = await last();
  if (found) return found;
  const signal = services.shutdown;
  await services.tails.newsBeyond(sessionStream(sessionId), 0, { timeoutMs: workerAnswerMs, signal });
  const begun = await last();
  if (begun) return begun;
  throw new Problem('worker_unavailable', 'The first turn of this session has not begun yet.', {
    headers: { 'Retry-After': '5' },
  });
}
