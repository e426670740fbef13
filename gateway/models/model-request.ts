import type { Readable, Transform } from 'node:stream';
import { bodyOf, readJson } from '../http/body.ts';
import type { Visit } from '../http/door-handler.ts';
import type { ModelTarget } from './index.ts';
import type { ModelRoute } from './model-api.ts';
import { ModelRefusal } from './model-refusal.ts';

/** What model endpoints take at most is less. */
const largestRequest = 64 * 1024 ** 2;
const longestName = 200;

/** Of one run's requests, as much is held in memory. */
const heldAtOnce = 192 * 1024 ** 2;

/** A request as it goes upstream. */
export interface ModelRequest {
  body: Readable | Buffer | null;
  /** The model that is asked for, where that is known without reading a stream. */
  model: string | null;
  /** Replace the request's own. */
  headers: Record<string, string>;
  /** How much of the body there is, as far as is known by now. */
  sentBytes(this: void): number;
}

/**
 * The body streams through, unless its route must adapt it, or nothing else tells which model is asked for and somebody must know.
 * Fails with `ModelRefusal` when the route refuses it, and with `Refusal` when it is too large.
 */
export async function readModelRequest(
  visit: Visit,
  { route, path }: ModelTarget,
  mustKnowModel: boolean,
): Promise<ModelRequest> {
  if (route.method === 'GET') return { body: null, model: null, headers: {}, sentBytes: () => 0 };
  const model = /\/models\/([\w.-]+):/.exec(path)?.[1] ?? null;
  if (route.adapt || (mustKnowModel && model === null)) return adapted(visit, route.adapt ?? asItIs);
  return { ...streamed(visit), model };
}

function asItIs(body: Record<string, unknown>): Record<string, unknown> {
  return body;
}

function streamed({ request }: Visit): Omit<ModelRequest, 'model'> {
  const announced = Number(request.headers['content-length'] ?? 0);
  let bytes = 0;
  async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  const body = bodyOf(request, largestRequest).compose<Transform>(counted);
  return { body, headers: {}, sentBytes: () => Math.max(announced, bytes) };
}

async function adapted(visit: Visit, adapt: NonNullable<ModelRoute['adapt']>): Promise<ModelRequest> {
  const { request } = visit;
  holdRoom(visit);
  const given = await readJson(request, largestRequest);
  if (typeof given !== 'object' || given === null)
    throw new ModelRefusal(400, 'request', 'The body is no JSON object.');
  const changed = adapt(given as Record<string, unknown>);
  if (typeof changed === 'string') throw new ModelRefusal(400, 'request', changed);
  const body = Buffer.from(JSON.stringify(changed));
  const model = typeof changed['model'] === 'string' ? changed['model'].slice(0, longestName) : null;
  return { body, model, headers: { 'content-length': String(body.length) }, sentBytes: () => body.length };
}

/** Until the call has ended. A request that does not say how large it is counts as the largest. */
function holdRoom({ state, request, response }: Visit): void {
  const bytes = Number(request.headers['content-length'] ?? largestRequest);
  if (state.heldBytes + bytes > heldAtOnce) throw new ModelRefusal(429, 'rate', 'Too large calls at once.');
  state.heldBytes += bytes;
  response.once('close', () => (state.heldBytes -= bytes));
}
