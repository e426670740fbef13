import type { Request } from 'koa';
import { Problem } from '../problems.ts';

/** Where somebody is in the events of a session: behind this event of this run. */
export interface Position {
  runId: string;
  seq: number;
  /** Of several that come of one event, how many are known; `null` when all are. */
  part: number | null;
}

/** The start of a run. */
export function startOf(runId: string): Position {
  return { runId, seq: 0, part: null };
}

/** The position that an event's id stands for. Fails with `invalid_cursor` when it is none. */
function readPosition(id: string): Position {
  const match = /^(run-[a-z0-9]{10}):(\d{1,15})(?:\.([1-9]\d?))?$/.exec(id);
  if (!match?.[1]) throw new Problem('invalid_cursor', 'This is not the id of an event of this stream.');
  return { runId: match[1], seq: Number(match[2]), part: match[3] === undefined ? null : Number(match[3]) };
}

/** Where a request says that it is; `null` for the start. A browser that reconnects sends the header, beside its old address. */
export function positionIn(request: Pick<Request, 'get'>, after?: string): Position | null {
  const id = request.get('Last-Event-ID') || after;
  return id ? readPosition(id) : null;
}
