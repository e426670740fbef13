import type { Request } from 'koa';
import { Problem } from '../problems.ts';

/** Whether a caller wants events as they come, or those that there are. Fails with `not_acceptable`. */
export function wantedForm(request: Pick<Request, 'accepts'>): 'stream' | 'page' {
  const wanted = request.accepts('text/event-stream', 'application/json');
  if (wanted === false) throw new Problem('not_acceptable', 'Events come as text/event-stream or application/json.');
  return wanted === 'application/json' ? 'page' : 'stream';
}
