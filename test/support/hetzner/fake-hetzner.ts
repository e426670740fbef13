/** A Hetzner Cloud that lives in a test: it keeps state, enforces Hetzner's rules, and does wrong what it is told to. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Call, Fault } from './faults.ts';
import { ordinary } from './options.ts';
import type { FakeOptions } from './options.ts';
import { imageRoutes } from './image-routes.ts';
import { otherRoutes } from './other-routes.ts';
import { Refusal } from './refusal.ts';
import type { Answer } from './route.ts';
import { serverRoutes } from './server-routes.ts';
import { emptyState, tick } from './state.ts';
import type { FakeState } from './state.ts';

export interface FakeHetzner {
  /** Base URL, for `HCLOUD_ENDPOINT`. */
  url: string;
  /** To look at, and to make things behind everybody's back. */
  state: FakeState;
  /** Every request so far, as `POST /servers`. */
  calls: string[];
  /** Answers a request that arrived elsewhere. */
  serve: RequestListener;
  close(): Promise<void>;
}

const routes = Object.entries({ ...serverRoutes, ...imageRoutes, ...otherRoutes }).map(([key, route]) => {
  const [method = '', path = ''] = key.split(' ');
  return { method, pattern: new RegExp(`^${path.replace(':id', '(\\d+)')}$`), route };
});

/** Opens one on a free port of loopback. */
export async function openFakeHetzner(options: Partial<FakeOptions> = {}): Promise<FakeHetzner> {
  const state = emptyState({ ...ordinary, soldOut: new Set(), unsupported: new Set(), ...options });
  const calls: string[] = [];
  const serve: RequestListener = (request, response) => {
    handle(state, calls, request, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const server = createServer(serve);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    state,
    calls,
    serve,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

async function handle(
  state: FakeState,
  calls: string[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const sent = await text(request);
  const body: unknown = sent === '' ? undefined : JSON.parse(sent);
  const url = new URL(request.url ?? '', 'http://cloud');
  const call: Call = { method: request.method ?? '', path: url.pathname.replace('/v1', ''), nth: calls.length };
  calls.push(`${call.method} ${call.path}`);
  tick(state);
  response.setHeader('content-type', 'application/json');
  response.setHeaders(new Map(Object.entries({ 'ratelimit-limit': '3600', 'ratelimit-remaining': '3599' })));
  response.setHeader('ratelimit-reset', String(Math.ceil(Date.now() / 1000)));
  if (request.headers.authorization !== `Bearer ${state.options.token}`) {
    return send(response, refused(new Refusal(401, 'unauthorized', 'unable to authenticate')));
  }
  const apply = () => answer(state, call, Object.fromEntries(url.searchParams), body);
  const fault = state.options.faultOf(call);
  if (fault) misbehave(response, fault, apply);
  else send(response, apply());
}

function answer(state: FakeState, { method, path }: Call, query: Record<string, string>, body: unknown): Answer {
  try {
    for (const { method: its, pattern, route } of routes) {
      const match = its === method && pattern.exec(path);
      if (match) return route(state, { id: Number(match[1]), query, body });
    }
    return refused(new Refusal(405, 'method_not_allowed', `no ${method} ${path} here`));
  } catch (error) {
    if (error instanceof Refusal) return refused(error);
    if (error instanceof z.ZodError) return refused(new Refusal(422, 'invalid_input', error.message));
    throw error;
  }
}

function misbehave(response: ServerResponse, fault: Fault, apply: () => Answer): void {
  if (fault.kind === 'refuse') {
    response.setHeaders(new Map(Object.entries(fault.headers ?? {})));
    return send(response, refused(new Refusal(fault.status, fault.code, fault.message ?? fault.code)));
  }
  const { status, body } = fault.applied ? apply() : { status: 200, body: {} };
  if (fault.kind === 'hang') return;
  if (fault.kind === 'cut') response.destroy();
  if (fault.kind === 'html') response.writeHead(fault.applied ? 200 : 502).end('<html></html>');
  if (fault.kind === 'truncated') response.writeHead(body ? status : 200).end(JSON.stringify(body ?? {}).slice(0, -1));
}

function refused({ status, code, message }: Refusal): Answer {
  return { status, body: { error: { code, message, details: null } } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status).end(body && JSON.stringify(body));
}
