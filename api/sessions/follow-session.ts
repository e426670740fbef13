/** The events of a session: those of its turns, one after another. */
import { sessionStream } from '../../workflows/contract/session-events.ts';
import { followRun, readRunEvents } from '../execute/follow-run.ts';
import { startOf, type Position } from '../execute/position.ts';
import type { ProjectedEvent } from '../execute/project-events.ts';
import type { Services } from '../services.ts';
import { isSessionBusy } from './is-busy.ts';
import { readTurns, turnOfRun } from './turns.ts';

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
  let after = 0;
  if (position) {
    const known = await turnOfRun(services, sessionId, position.runId);
    yield* followTurn(services, sessionId, known?.number, position, signal);
    after = (known ?? (await turnOfRun(services, sessionId, position.runId)))?.number ?? Infinity;
  }
  while (!signal.aborted && after < Infinity) {
    const [turn] = await readTurns(services, sessionId, after);
    if (turn) {
      yield* followTurn(services, sessionId, turn.number, startOf(turn.runId), signal);
      after = turn.number;
    } else {
      if (!(await isSessionBusy(services, sessionId))) return;
      const { waitBeyond } = services.tails;
      if (!(await waitBeyond(sessionStream(sessionId), after, { timeoutMs: heartbeatMs, signal }))) yield null;
    }
  }
}

/** A turn that has others behind it is over, whether it could say so or not. */
async function* followTurn(
  services: Services,
  sessionId: string,
  number: number | undefined,
  position: Position,
  signal: AbortSignal,
): AsyncGenerator<ProjectedEvent | null> {
  const [next] = number === undefined ? [] : await readTurns(services, sessionId, number);
  yield* next ? readRunEvents(services, position) : followRun(services, position, signal);
}

/** What there is behind the position, or at all, by now. */
export async function* readSessionEvents(
  services: Services,
  sessionId: string,
  position: Position | null,
): AsyncGenerator<ProjectedEvent> {
  let after = 0;
  if (position) {
    yield* readRunEvents(services, position);
    after = (await turnOfRun(services, sessionId, position.runId))?.number ?? Infinity;
  }
  while (after < Infinity) {
    const turns = await readTurns(services, sessionId, after);
    for (const { runId } of turns) yield* readRunEvents(services, startOf(runId));
    after = turns.at(-1)?.number ?? Infinity;
  }
}
