/** Reading what a request brings. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { Refusal } from './answers.ts';

/**
 * The body as a stream that can be destroyed without destroying the request: then its connection stays, and an answer can
 * still be sent. Fails with a `Refusal` after more than `maxBytes`.
 */
export function bodyOf(request: IncomingMessage, maxBytes: number): Readable {
  refuseLongBody(request, maxBytes);
  return Readable.from(limited(request, maxBytes), { objectMode: false });
}

/** The body as JSON. Fails with a `Refusal` when it is too large or is none. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const bytes = Buffer.concat(await bodyOf(request, maxBytes).toArray());
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal(400, 'invalid_json', 'The body is not JSON.');
  }
}

function refuseLongBody(request: IncomingMessage, maxBytes: number): void {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

async function* limited(request: IncomingMessage, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += (chunk as Buffer).length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk as Buffer;
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(413, 'too_large', `The body may have ${maxBytes} bytes.`);
}
