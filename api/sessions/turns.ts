/** The turns that a session has had, as its stream tells them. */
import { sessionStream, type SessionEvents, type Turn } from '../../workflows/contract/session-events.ts';
import { readEvents } from '../events/read-events.ts';
import type { Services } from '../services.ts';

export type NumberedTurn = Turn & { number: number };

/** The turns since the session was begun, or begun anew, oldest first. */
export async function readTurns({ store }: Pick<Services, 'store'>, sessionId: string): Promise<NumberedTurn[]> {
  let turns: NumberedTurn[] = [];
  for await (const { seq, type, data } of readEvents(store, sessionStream(sessionId))) {
    if (type === ('turn.begun' satisfies keyof SessionEvents)) turns.push({ ...(data as Turn), number: seq });
    else turns = [];
  }
  return turns;
}
