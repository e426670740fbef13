/** The events of a session: those of its turns, one after another. */
import { sessionStream } from '../../workflows/contract/session-events.ts';
import { followRun, readRunEvents } from '../execute/follow-run.ts';
import { startOf, type Position } from '../execute/position.ts';
import type { ProjectedEvent } from '../execute/project-events.ts';
import { hasBegun } from '../runs/events.ts';
import type { Services } from '../services.ts';
import { isSessionBusy } from './is-busy.ts';
import { readTurns, type NumberedTurn } from './turns.ts';

/** A comment this often keeps proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

/**
 * What follows the position, or everything, and then whatever comes, in order, until nothing is worked on and nothing waits.
 * `null` stands for a while without events.
 */
export async function* followSession(
  services: Services,
  sessionId: string,
  position: Position | null,
  signal: AbortSignal,
): AsyncGenerator<ProjectedEvent | null> {
  let known: NumberedTurn | undefined;
  if (position) {
    yield* followTurn(services, sessionId, position, signal);
    known = await turnOfRun(services, sessionId, position.runId);
    if (!known) return;
  }
  while (!signal.aborted) {
    const after = known?.number ?? 0;
    const next: NumberedTurn | undefined = (await readTurns(services, sessionId)).find(({ number }) => number > after);
    if (next) {
      yield* followTurn(services, sessionId, startOf(next.runId), signal);
      known = next;
    } else {
      if (!(await isSessionBusy(services, sessionId))) return;
      const news = services.tails.newsBeyond(sessionStream(sessionId), after, { timeoutMs: heartbeatMs, signal });
      if ((await news).length === 0) yield null;
    }
  }
}

/** A turn is over that has others behind it, whether it could say so or not, and one whose events are forgotten already. */
async function* followTurn(
  services: Services,
  sessionId: string,
  position: Position,
  signal: AbortSignal,
): AsyncGenerator<ProjectedEvent | null> {
  const turns = await readTurns(services, sessionId);
  const isTurn = turns.some(({ runId }) => runId === position.runId);
  const isLast = turns.at(-1)?.runId === position.runId;
  const isOver = isTurn && !(isLast && (await hasBegun(services, position.runId)));
  yield* isOver ? readRunEvents(services, position) : followRun(services, position, signal);
}

/** What there is behind the position, or at all, by now. */
export async function* readSessionEvents(
  services: Services,
  sessionId: string,
  position: Position | null,
): AsyncGenerator<ProjectedEvent> {
  const turns = await readTurns(services, sessionId);
  if (position) yield* readRunEvents(services, position);
  const first = position ? turns.findIndex(({ runId }) => runId === position.runId) + 1 : 0;
  const others = position && first === 0 ? [] : turns.slice(first);
  for (const { runId } of others) yield* readRunEvents(services, startOf(runId));
}

async function turnOfRun(services: Services, sessionId: string, runId: string): Promise<NumberedTurn | undefined> {
  return (await readTurns(services, sessionId)).find((turn) => turn.runId === runId);
}
