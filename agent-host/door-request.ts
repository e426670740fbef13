/** One request through the door, tried once. */
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

export interface DoorRequest {
  method: 'GET' | 'PUT' | 'POST';
  path: string;
  /** Made anew for each try. */
  body?: () => string | Readable;
  bytes?: number;
}

/** The door answered, and would answer the same again. */
export class DoorRefused extends Error {
  readonly status: number;

  constructor({ method, path }: DoorRequest, status: number, words: string) {
    super(`${method} ${path} was refused with ${status}: ${words.slice(0, 500)}`);
    this.status = status;
  }
}

/** A connection that says nothing for so long is dead. */
const silenceMs = 60_000;

/** The result that `read` makes of a good answer. Fails with `DoorRefused`, or with what went wrong on the way. */
export async function requestOnce<Result>(
  { socket, token }: { socket: string; token: string },
  wanted: DoorRequest,
  read: (body: Readable) => Promise<Result>,
): Promise<Result> {
  const content = wanted.body?.();
  const length = typeof content === 'string' ? Buffer.byteLength(content) : wanted.bytes;
  const { method, path } = wanted;
  const headers = { authorization: `Bearer ${token}`, ...(length !== undefined && { 'content-length': length }) };
  const outgoing = request({ socketPath: socket, host: 'door', method, path, headers, timeout: silenceMs });
  outgoing.on('timeout', () => outgoing.destroy(new Error('the door is silent')));
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject);
  });
  // A refusal may come before all was sent; then the answer says more than the broken pipe.
  const sent = pipeline(content === undefined ? [] : Readable.from(content), outgoing).catch(() => undefined);
  const answer = await answered;
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) {
    const result = await read(answer);
    await sent;
    return result;
  }
  const words = await text(answer);
  throw isFinal(status) ? new DoorRefused(wanted, status, words) : new Error(`the door answered ${status}: ${words}`);
}

/** A time-out and a rate limit pass; so do errors of whoever stands behind the door. */
function isFinal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}
