/** A model endpoint on loopback that does what scripts say, and speaks the providers' APIs. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { zstdDecompressSync } from 'node:zlib';
import { anthropic } from './anthropic.ts';
import type { ModelApi } from './api.ts';
import { choose } from './choose.ts';
import { google } from './google.ts';
import { openai } from './openai.ts';
import { commonScripts } from './script.ts';
import type { Script } from './script.ts';
import { sendEvents } from './sse.ts';

/** A request that the endpoint got, for tests to look at. */
export interface SeenRequest {
  method: string;
  path: string;
  headers: IncomingMessage['headers'];
  /** The API that it is a model call of; `null` for anything else. */
  api: ModelApi['id'] | null;
  body: string;
  /** Whether the caller went away before the answer was complete. */
  wasAborted: boolean;
}

export interface ModelEndpoint extends AsyncDisposable {
  url: string;
  requests: SeenRequest[];
  /** Adds a script for one test. */
  addScript(name: string, script: Script): void;
  /** From now on this key is not taken, whatever is asked with it. */
  refuseKey(key: string): void;
}

const apis = [anthropic, openai, google];

/** Starts the endpoint on a free port of 127.0.0.1. Files of scripts are written below `cwd`. */
export async function startModelEndpoint(cwd = '/work/repo'): Promise<ModelEndpoint> {
  const scripts = new Map(Object.entries(commonScripts));
  const requests: SeenRequest[] = [];
  const refusedKeys = new Set<string>();
  const server = createServer((request, response) => {
    void answer(request, response, { scripts, requests, refusedKeys, cwd });
  });
  // Codex tries a web socket first, and goes on with HTTP at once when it is told so.
  server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    addScript: (name, script) => void scripts.set(name, script),
    refuseKey: (key) => void refusedKeys.add(key),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

interface Endpoint {
  scripts: Map<string, Script>;
  requests: SeenRequest[];
  refusedKeys: ReadonlySet<string>;
  cwd: string;
}

async function answer(request: IncomingMessage, response: ServerResponse, endpoint: Endpoint): Promise<void> {
  const { method = '', url = '', headers } = request;
  const path = new URL(url, 'http://model').pathname;
  const api = method === 'POST' ? apis.find(({ isCall }) => isCall(path)) : undefined;
  const body = await bodyOf(request);
  const seen: SeenRequest = { method, path, headers, api: api?.id ?? null, body, wasAborted: false };
  endpoint.requests.push(seen);
  response.on('close', () => (seen.wasAborted = !response.writableFinished));
  if (hasOneOf(endpoint.refusedKeys, headers)) return sendJson(response, 401, anthropic.error(401));
  if (!api) return sendJson(response, 404, { error: { type: 'not_found_error', message: 'no such route' } });

  const parsed = JSON.parse(body) as unknown;
  const call = api.read(parsed, path);
  const choice = choose(call, endpoint.scripts);
  if ('status' in choice) return sendJson(response, choice.status, api.error(choice.status));
  if ('hangs' in choice)
    return void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': hello\n\n');
  const told = { step: choice.step, call, cwd: endpoint.cwd, id: randomUUID().slice(0, 8) };
  if (api.wantsStream(parsed, path)) return sendEvents(response, api.events(told), choice.pauseMs);
  return sendJson(response, 200, api.whole(told));
}

/** Wherever the providers' clients put a key. */
function hasOneOf(keys: ReadonlySet<string>, headers: SeenRequest['headers']): boolean {
  const places = [headers['x-api-key'], headers.authorization?.replace('Bearer ', ''), headers['x-goog-api-key']];
  return places.some((key) => typeof key === 'string' && keys.has(key));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.headers['content-encoding'] !== 'zstd') return text(request);
  return zstdDecompressSync(await buffer(request)).toString();
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
