import type { Readable } from 'node:stream';
import { bodyOf, readJson } from '../http/body.ts';
import type { Visit } from '../http/door-handler.ts';
import type { ModelRoute } from './model-api.ts';
import { ModelRefusal } from './model-refusal.ts';

/** What model endpoints take at most is less. */
const largestRequest = 64 * 1024 ** 2;

/** A request as it goes upstream. */
export interface ModelRequest {
  body: Readable | Buffer | null;
  /** As far as the request says. */
  bytes: number;
  /** Replace the request's own. */
  headers: Record<string, string>;
}

/**
 * The body streams through, unless its route must adapt it. Fails with `ModelRefusal` when the route refuses it, and with
 * `Refusal` when it is too large.
 */
export async function readModelRequest({ request }: Visit, route: ModelRoute): Promise<ModelRequest> {
  if (route.method === 'GET') return { body: null, bytes: 0, headers: {} };
  if (!route.adapt) {
    const bytes = Number(request.headers['content-length'] ?? 0);
    return { body: bodyOf(request, largestRequest), bytes, headers: {} };
  }
  const given = await readJson(request, largestRequest);
  if (typeof given !== 'object' || given === null)
    throw new ModelRefusal(400, 'request', 'The body is no JSON object.');
  const adapted = route.adapt(given as Record<string, unknown>);
  if (typeof adapted === 'string') throw new ModelRefusal(400, 'request', adapted);
  const body = Buffer.from(JSON.stringify(adapted));
  return { body, bytes: body.length, headers: { 'content-length': String(body.length) } };
}
