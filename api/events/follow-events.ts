import type { StoredEvent } from '../../store/store.ts';
import type { Services } from '../services.ts';
import type { News } from '../stream-tails.ts';
import { hasEnded } from './has-ended.ts';

/** Events read at once: enough to replay a life in one or two pages, and little to hold for a slow reader. */
const pageEvents = 200;

/** A comment this often keeps proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

/** A stream of the event log that comes to an end. */
export interface FollowedStream {
  stream: string;
  /** Types after which nothing more comes. */
  lastTypes: readonly string[];
  /** The workflow that tells it. */
  workflowId: string;
}

export type FollowServices = Pick<Services, 'store' | 'tails' | 'temporal'>;

/** Whether nothing will ever come behind this position: at the last event of the stream, or beyond it, or without one. */
export async function isOverAt(
  services: Pick<Services, 'store' | 'temporal'>,
  { stream, lastTypes, workflowId }: FollowedStream,
  seq: number,
): Promise<boolean> {
  const { events } = services.store;
  for (const type of lastTypes) {
    const last = await events.last(stream, type);
    if (last) return last.seq <= seq;
  }
  const isThereMore = async (): Promise<boolean> => (await events.read(stream, { after: seq, limit: 1 })).length > 0;
  if ((await isThereMore()) || !(await hasEnded(services, workflowId))) return false;
  // It may have said its last words since.
  return !(await isThereMore());
}

/**
 * What follows `after`, and then whatever comes, in order, without gap or repeat, until the last event of the stream,
 * or until its workflow has ended without one. From beyond the last event that there is, what comes to be behind `after` follows.
 * `null` stands for a while without events. Ends early when `signal` aborts.
 */
export async function* followEvents(
  services: FollowServices,
  followed: FollowedStream,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent | null> {
  const { store, tails } = services;
  const { stream, lastTypes } = followed;
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
    if (isAtEnd && events.length === 0 && !signal.aborted) {
      yield null;
      // The last event never comes here when it is not behind `after`, or when there is none.
      if (await isOverAt(services, followed, cursor)) return;
    }
    isAtEnd ||= events.length < pageEvents;
  }
}
