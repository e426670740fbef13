/** Answering as a stream of events. */
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Sends each event as it is made, `pauseMs` apart, and ends the answer. */
export async function sendEvents(
  response: ServerResponse,
  events: Iterable<{ event?: string; data: object }>,
  pauseMs: number,
): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  for (const { event, data } of events) {
    response.write(`${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  response.end();
}

/** A text in the small pieces in which models speak. */
export function pieces(text: string): string[] {
  return text.match(/.{1,8}/gs) ?? [];
}
