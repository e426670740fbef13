/** The stream of a session: which turns it had, in order. What happened in a turn is in the stream of its run. */
import type { RunInput } from './run.ts';

/** The event-log stream that names the turns of a session. */
export function sessionStream(sessionId: string): string {
  return `session:${sessionId}`;
}

/** Event type → its data. Keep a type's meaning for ever: old events are never rewritten. */
export interface SessionEvents {
  /** A run has its turn. What it was asked for is what a prompt that says less goes on with. */
  'turn.begun': Turn;
  /** What was before is forgotten; who uses the id again begins anew. */
  'session.deleted': Record<string, never>;
}

export type Turn = Pick<
  RunInput,
  'runId' | 'owner' | 'agent' | 'options' | 'repository' | 'modelCredential' | 'publish' | 'limits' | 'createdAt'
>;

export type SessionEvent = { [T in keyof SessionEvents]: { type: T; data: SessionEvents[T] } }[keyof SessionEvents];
