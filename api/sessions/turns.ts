/** The turns that a session has had, as its stream tells them. */
import { sessionStream, type SessionEvents, type Turn } from '../../workflows/contract/session-events.ts';
import type { Services } from '../services.ts';

const pageEvents = 200;

export type NumberedTurn = Turn & { number: number };

/** The turns since the session was begun, or begun anew, oldest first. */
export async function readTurns({ store }: Pick<Services, 'store'>, sessionId: string): Promise<NumberedTurn[]> {
  let turns: NumberedTurn[] = [];
  for (let after = 0; ;) {
    const events = await store.events.read(sessionStream(sessionId), { after, limit: pageEvents });
    for (const { seq, type, data } of events) {
      if (type === ('turn.begun' satisfies keyof SessionEvents)) turns.push({ ...(data as Turn), number: seq });
      else turns = [];
    }
    if (events.length < pageEvents) return turns;
    after += pageEvents;
  }
}
