import type { StoredEvent } from '../../store/store.ts';
import { lastEventTypes } from '../../workflows/contract/events.ts';
import { workspaceStream } from '../../workflows/contract/workspace.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workspaceHandle } from './temporal.ts';

/** Events read at once: enough to replay a life in one or two pages, and little to hold for a slow reader. */
const pageEvents = 200;

/** A comment this often keeps proxies from closing a quiet stream. */
const heartbeatMs = 15_000;

/** Resolves when there is, or was, such a workspace; fails with Temporal's `WorkflowNotFoundError` otherwise. */
export async function checkWorkspaceExists(services: Services, workspaceId: string): Promise<void> {
  const [first] = await services.store.events.read(workspaceStream(workspaceId), { after: 0, limit: 1 });
  if (!first) await within(services, serverAnswerMs, () => workspaceHandle(services, workspaceId).describe());
}

/** Whether the event at this position is the last one a workspace will ever have. */
export async function isOverAt({ store }: Services, workspaceId: string, seq: number): Promise<boolean> {
  if (seq < 1) return false;
  const [event] = await store.events.read(workspaceStream(workspaceId), { after: seq - 1, limit: 1 });
  return event?.seq === seq && isLast(event);
}

/**
 * What follows `after`, and then whatever comes, in order, without gap or repeat, until the last event of the workspace.
 * `null` stands for a while without events. Ends early when `signal` aborts.
 */
export async function* followEvents(
  { store, tails }: Services,
  workspaceId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent | null> {
  const stream = workspaceStream(workspaceId);
  let cursor = after;
  while (!signal.aborted) {
    const events = await store.events.read(stream, { after: cursor, limit: pageEvents });
    for (const event of events) {
      yield event;
      if (isLast(event)) return;
    }
    cursor = events.at(-1)?.seq ?? cursor;
    if (events.length > 0) continue;
    const hasNews = await tails.waitBeyond(stream, cursor, { timeoutMs: heartbeatMs, signal });
    if (!hasNews && !signal.aborted) yield null;
  }
}

function isLast({ type }: StoredEvent): boolean {
  return lastEventTypes.includes(type);
}
