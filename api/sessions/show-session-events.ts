/** The events of a session as an answer: server-sent events, or a list in JSON. */
import { z } from 'zod';
import { openEventStream } from '../events/open-event-stream.ts';
import { wantedForm } from '../events/wanted-form.ts';
import type { ExecuteEvent } from '../execute/execute-event.ts';
import { executeFrame } from '../execute/frame.ts';
import { jsonList } from '../execute/json-list.ts';
import { positionIn } from '../execute/position.ts';
import type { Call, Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { checkPosition, isSessionOverAt } from './check-position.ts';
import { followSession, readSessionEvents } from './follow-session.ts';

export const SessionEventsQuery = z.object({
  after: z.string().max(100).optional().meta({
    description: 'Begin behind the event with this id; a `Last-Event-ID` header goes before it.',
  }),
});

type EventsCall = Pick<Call<z.ZodObject, typeof SessionEventsQuery>, 'query' | 'request' | 'hungUp'>;

/** Fails with `not_acceptable`, and with `invalid_cursor` for an id that no event of this session has. */
export async function showSessionEvents(
  { query, request, hungUp }: EventsCall,
  services: Services,
  sessionId: string,
): Promise<Reply<ExecuteEvent[]>> {
  const form = wantedForm(request);
  const position = positionIn(request, query.after);
  if (position) await checkPosition(services, sessionId, position);
  if (form === 'page') {
    return {
      headers: { 'Content-Type': 'application/json' },
      body: jsonList(readSessionEvents(services, sessionId, position)),
    };
  }
  // To a browser, 204 is the word that ends its reconnecting.
  if (position && (await isSessionOverAt(services, sessionId, position))) return { status: 204, body: null };
  const signal = AbortSignal.any([hungUp, services.shutdown]);
  return openEventStream(services, followSession(services, sessionId, position, signal), executeFrame);
}
