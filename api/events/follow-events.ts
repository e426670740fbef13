import type { StoredEvent } from '../../store/store.ts';
import type { Services } from '../services.ts';
import type { News } from '../stream-tails.ts';

/** Events read at once: enough to replay a life in one or two pages, and little to hold for a slow reader. */
const pageEvents = 200;

/** A comment this often keeps proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

/** A stream of the event log that comes to an end. */
export interface FollowedStream {
  stream: string;
  /** Types after which nothing more comes. */
  lastTypes: readonly string[];
}

/** Whether nothing will ever come behind this position: at the last event of the stream, or beyond it. */
export async function isOverAt(
  { store }: Pick<Services, 'store'>,
  { stream, lastTypes }: FollowedStream,
  seq: number,
): Promise<boolean> {
  for (const type of lastTypes) {
    const last = await store.events.last(stream, type);
    if (last) return last.seq <= seq;
  }
  return false;
}

/**
 * What follows `after`, and then whatever comes, in order, without gap or repeat, until the last event of the stream.
 * `null` stands for a while without events. Ends early when `signal` aborts.
 */
export async function* followEvents(
  { store, tails }: Pick<Services, 'store' | 'tails'>,
  { stream, lastTypes }: FollowedStream,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent | null> {
  let cursor = after;
  let isAtEnd = false;
  while (!signal.aborted) {
    const events: News = isAtEnd
      ? await tails.newsBeyond(stream, cursor, { timeoutMs: heartbeatMs, signal })
      : await store.events.read(stream, { after: cursor, limit: pageEvents });
    for (const event of events) {
      yield event;
      if (lastTypes.includes(event.type)) return;
    }
    cursor = events.at(-1)?.seq ?? cursor;
    if (isAtEnd && events.length === 0 && !signal.aborted) yield null;
    isAtEnd ||= events.length < pageEvents;
  }
}
