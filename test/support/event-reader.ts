/** A reader of server-sent events that keeps what it has seen, and can hang up. */
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ownerToken } from './api.ts';

export interface EventReader {
  status: number;
  headers: Headers;
  /** What was seen so far, in order. */
  ids: string[];
  events: Record<string, unknown>[];
  /** Resolves when the stream has ended or was hung up. */
  ended: Promise<void>;
  hangUp(): void;
}

export interface ReadOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Hears of each event as it comes. */
  onEvent?: (event: Record<string, unknown>) => void;
}

/** Begins to read, as the owner. */
export async function readEvents(
  address: string,
  { method = 'GET', body, headers = {}, onEvent }: ReadOptions = {},
): Promise<EventReader> {
  const hangUp = new AbortController();
  const response = await fetch(address, {
    method,
    headers: { Authorization: `Bearer ${ownerToken}`, 'Content-Type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: hangUp.signal,
  });
  const ids: string[] = [];
  const events: Record<string, unknown>[] = [];
  const read = async (): Promise<void> => {
    if (!response.body) return;
    const frames = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id = '', data } of frames) {
      ids.push(id);
      const event = JSON.parse(data) as Record<string, unknown>;
      events.push(event);
      onEvent?.(event);
    }
  };
  const ended = read().catch(() => undefined);
  return { status: response.status, headers: response.headers, ids, events, ended, hangUp: () => hangUp.abort() };
}
