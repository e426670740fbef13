/** Server-sent events over a Koa answer. */
import { Readable } from 'node:stream';
import type { StoredEvent } from '../store/store.ts';

export const eventStreamHeaders = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-store',
  // Tells nginx and its kin not to collect the stream before passing it on.
  'X-Accel-Buffering': 'no',
};

/** How an event is written. */
export type FrameOf<Event> = (event: Event) => string;

/**
 * The events as a stream that is read only as fast as the caller takes it; `null` becomes a comment. `onEnd` is called once
 * for each stream that was begun, however it ends.
 */
export function eventStream<Event>(
  events: AsyncIterable<Event | null>,
  frameOf: FrameOf<Event>,
  { onBegin, onEnd }: { onBegin: () => void; onEnd: () => void },
): Readable {
  return Readable.from(frames(events, frameOf, onBegin, onEnd), { objectMode: false });
}

async function* frames<Event>(
  events: AsyncIterable<Event | null>,
  frameOf: FrameOf<Event>,
  onBegin: () => void,
  onEnd: () => void,
): AsyncGenerator<string> {
  onBegin();
  try {
    // Sent at once, so that the caller sees an open stream before there is anything to tell.
    yield ': open\n\n';
    for await (const event of events) yield event ? frameOf(event) : ': still here\n\n';
  } finally {
    onEnd();
  }
}

/** Frames of events that several followers share; gone with these. */
const frameOfEvent = new WeakMap<StoredEvent, string>();

/** An event of the log, under its number, written once for all who get the same object. JSON has no raw line breaks. */
export function storedFrame(event: StoredEvent): string {
  const written = frameOfEvent.get(event);
  if (written !== undefined) return written;
  const { seq, type, data, at } = event;
  const frame = `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify({ seq, type, at, data })}\n\n`;
  frameOfEvent.set(event, frame);
  return frame;
}
