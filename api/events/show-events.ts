/** One stream of the event log as an answer: server-sent events, or a page of JSON. */
import { z } from 'zod';
import { EventPage } from '../answers.ts';
import { Problem } from '../problems.ts';
import type { Call, Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { storedFrame } from '../sse.ts';
import { followEvents, isOverAt, type FollowedStream } from './follow-events.ts';
import { openEventStream } from './open-event-stream.ts';
import { wantedForm } from './wanted-form.ts';

const Seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

/** What may be asked of a stream. */
export const EventsQuery = z.object({
  after: Seq.default(0).meta({ description: 'Begin behind this event; a `Last-Event-ID` header goes before it.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(200).meta({ description: 'Of a JSON page.' }),
});

export type EventsCall = Pick<Call<z.ZodObject, typeof EventsQuery>, 'query' | 'request' | 'hungUp'>;
export type EventsReply = Reply<z.infer<typeof EventPage>>;

/** How routes declare what `showEvents` answers. */
export const eventsAnswer = {
  status: 200,
  schema: EventPage,
  description: 'A stream by default; a page when the request accepts `application/json` only.',
  mediaType: 'application/json',
} as const;

/** Fails with `not_acceptable`, and with `invalid_cursor` when `Last-Event-ID` is no position. */
export async function showEvents(call: EventsCall, services: Services, followed: FollowedStream): Promise<EventsReply> {
  const form = wantedForm(call.request);
  const after = cursorOf(call);
  return form === 'page'
    ? await readPage(call, after, services, followed)
    : await openStream(call, after, services, followed);
}

/** A browser that reconnects sends the header, beside the address it first came with. */
function cursorOf({ request, query }: EventsCall): number {
  const header = request.get('Last-Event-ID');
  if (header === '') return query.after;
  const parsed = Seq.safeParse(header);
  if (!parsed.success) throw new Problem('invalid_cursor', 'Last-Event-ID must be the id of an event, a whole number.');
  return parsed.data;
}

async function readPage(
  { query }: EventsCall,
  after: number,
  { store }: Services,
  { stream }: FollowedStream,
): Promise<EventsReply> {
  const events = await store.events.read(stream, { after, limit: query.limit });
  return { body: { events, nextAfter: events.at(-1)?.seq ?? after } };
}

async function openStream(
  { hungUp }: EventsCall,
  after: number,
  services: Services,
  followed: FollowedStream,
): Promise<EventsReply> {
  // To a browser, 204 is the word that ends its reconnecting.
  if (await isOverAt(services, followed, after)) return { status: 204, body: null };
  const events = followEvents(services, followed, after, AbortSignal.any([hungUp, services.shutdown]));
  return openEventStream(services, events, storedFrame);
}
