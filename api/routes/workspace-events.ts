/** Everything a workspace does and decides, replayed and live. */
import { z } from 'zod';
import { WorkspaceId } from '../../workflows/contract/workspace.schema.ts';
import { workspaceStream } from '../../workflows/contract/workspace.ts';
import { EventPage } from '../answers.ts';
import { Problem } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { eventStream, eventStreamHeaders } from '../sse.ts';
import { checkWorkspaceExists, followEvents, isOverAt } from '../workspaces/events.ts';

const OneWorkspace = z.object({ id: WorkspaceId });

const Seq = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const EventsQuery = z.object({
  after: Seq.default(0).meta({ description: 'Begin behind this event; a `Last-Event-ID` header goes before it.' }),
  limit: z.coerce.number().int().min(1).max(1000).default(200).meta({ description: 'Of a JSON page.' }),
});

type EventsCall = Call<typeof OneWorkspace, typeof EventsQuery>;
type EventsReply = Reply<z.infer<typeof EventPage>>;

export const eventRoutes = [
  route({
    method: 'get',
    path: '/vms/:id/events',
    operationId: 'followWorkspace',
    summary: 'Follow a workspace as server-sent events, or page through its events as JSON',
    caller: 'owner',
    limit: 'read',
    params: OneWorkspace,
    query: EventsQuery,
    answer: {
      status: 200,
      schema: EventPage,
      description: 'A stream by default; a page when the request accepts `application/json` only.',
      mediaType: 'application/json',
    },
    problems: ['workspace_not_found', 'not_acceptable', 'invalid_cursor', 'temporal_unavailable'],
    handle: showEvents,
  }),
];

async function showEvents(call: EventsCall, services: Services): Promise<EventsReply> {
  const wanted = call.request.accepts('text/event-stream', 'application/json');
  if (wanted === false) throw new Problem('not_acceptable', 'Events come as text/event-stream or application/json.');
  const after = cursorOf(call);
  await checkWorkspaceExists(services, call.params.id);
  return wanted === 'application/json' ? readPage(call, after, services) : openStream(call, after, services);
}

/** A browser that reconnects sends the header, beside the address it first came with. */
function cursorOf({ request, query }: EventsCall): number {
  const header = request.get('Last-Event-ID');
  if (header === '') return query.after;
  const parsed = Seq.safeParse(header);
  if (!parsed.success) throw new Problem('invalid_cursor', 'Last-Event-ID must be the id of an event, a whole number.');
  return parsed.data;
}

async function readPage({ params, query }: EventsCall, after: number, { store }: Services): Promise<EventsReply> {
  const events = await store.events.read(workspaceStream(params.id), { after, limit: query.limit });
  return { body: { events, nextAfter: events.at(-1)?.seq ?? after } };
}

async function openStream({ params, hungUp }: EventsCall, after: number, services: Services): Promise<EventsReply> {
  // To a browser, 204 is the word that ends its reconnecting.
  if (await isOverAt(services, params.id, after)) return { status: 204, body: null };
  const { metrics, shutdown } = services;
  const events = followEvents(services, params.id, after, AbortSignal.any([hungUp, shutdown]));
  const body = eventStream(events, {
    onBegin: () => metrics.sseSubscribers.inc(),
    onEnd: () => metrics.sseSubscribers.dec(),
  });
  return { headers: eventStreamHeaders, body };
}
