/** A client inside a container: it has a socket and a token. */
import { readFileSync } from 'node:fs';
import { request as send, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

export interface DoorClient {
  token: string;
  socketPath: string;
  /** Sends a request with the run's token and reads the whole answer. */
  call(method: string, url: string, request?: DoorRequest): Promise<DoorAnswer>;
  /** The same, as far as the beginning of the answer. */
  open(method: string, url: string, request?: DoorRequest): Promise<IncomingMessage>;
  /** Asks for a connection to a host; resolves with the answer's status and the connection. */
  connect(target: string, headers?: Record<string, string>): Promise<{ status: number; socket: Socket; text: string }>;
}

export interface DoorRequest {
  /** Text and bytes are sent as they are, streams as they come, everything else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** `null` sends none. */
  token?: string | null;
}

export interface DoorAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  /** Parsed, where it is JSON. */
  body: unknown;
}

/** A client with what lies in the door's folder. */
export function openDoorClient(folder: string): DoorClient {
  const socketPath = path.join(folder, 'gw.sock');
  const token = readFileSync(path.join(folder, 'token'), 'utf8');

  async function open(method: string, url: string, options: DoorRequest = {}): Promise<IncomingMessage> {
    const { body, headers = {}, signal, token: shown = token } = options;
    const authorization = shown === null ? {} : { authorization: `Bearer ${shown}` };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = send({
      socketPath,
      method,
      path: url,
      headers: { ...authorization, ...headers },
      ...(signal && { signal }),
    });
    request.on('response', resolve).on('error', reject);
    // The answer may come, and the connection end, before everything is sent.
    if (body instanceof Readable) pipeline(body, request).catch(() => undefined);
    else request.end(asBytes(body));
    return promise;
  }

  return {
    ...{ token, socketPath, open },
    async call(method, url, options) {
      const answer = await open(method, url, options);
      const text = (await buffer(answer)).toString();
      return { status: answer.statusCode ?? 0, headers: answer.headers, text, body: parse(text) };
    },
    async connect(target, headers = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<{ status: number; socket: Socket; text: string }>();
      const request = send({ socketPath, method: 'CONNECT', path: target, headers });
      request.on('connect', (answer, socket, head) => {
        resolve({ status: answer.statusCode ?? 0, socket, text: head.toString() });
      });
      request.on('error', reject).end();
      return promise;
    },
  };
}

function asBytes(body: unknown): string | Buffer | undefined {
  if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body;
  return JSON.stringify(body);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
