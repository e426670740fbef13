import type { Reply } from '../route.ts';
import type { Services } from '../services.ts';
import { eventStream, eventStreamHeaders, type FrameOf } from '../sse.ts';

/** An answer that goes on for as long as there are events, counted while it is open. */
export function openEventStream<Event>(
  { metrics }: Services,
  events: AsyncIterable<Event | null>,
  frameOf: FrameOf<Event>,
): Reply<never> {
  const body = eventStream(events, frameOf, {
    onBegin: () => metrics.sseSubscribers.inc(),
    onEnd: () => metrics.sseSubscribers.dec(),
  });
  return { headers: eventStreamHeaders, body };
}
