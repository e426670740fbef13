/** Somebody who watches a workspace live, and takes up again behind the last event seen whenever the stream breaks off. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { ownerToken } from '../support/api.ts';
import { lastEventTypes } from '../../workflows/contract/events.ts';

const pauseMs = 100;

/** Follows to the workspace's last event, which it resolves with: the numbers seen, in the order in which they came. */
export async function follow(url: string, workspaceId: string, giveUp: AbortSignal): Promise<number[]> {
  const seen: number[] = [];
  for (;;) {
    try {
      for await (const { id, event } of await openStream(url, workspaceId, seen.at(-1) ?? 0, giveUp)) {
        seen.push(Number(id));
        if (lastEventTypes.includes(event ?? '')) return seen;
      }
    } catch {
      giveUp.throwIfAborted();
    }
    await sleep(pauseMs, undefined, { signal: giveUp });
  }
}

async function openStream(url: string, workspaceId: string, after: number, signal: AbortSignal) {
  const headers = { Authorization: `Bearer ${ownerToken}`, 'Last-Event-ID': String(after) };
  const response = await fetch(`${url}/vms/${workspaceId}/events`, { headers, signal });
  if (!response.ok || !response.body) throw new Error(`no stream: ${response.status}`);
  return response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
}
