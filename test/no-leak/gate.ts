/** Stands between the control plane and both clouds, knows who asks, and does what the schedule says. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Mishap } from './schedule.ts';

export type Api = 'hetzner' | 'cloudflare';

interface Cloud {
  /** Base URL, for a call whose answer is spoilt. */
  url: string;
  /** For every other call. */
  serve: RequestListener;
}

/** Whoever asks: one attempt of one activity. */
export interface Caller {
  clouds: Record<Api, Cloud>;
  /** What goes wrong with this call, if anything. Called once for each. */
  meet(api: Api): Promise<Mishap | undefined>;
  /** Lets the caller die; from then on nobody answers it. */
  kill(): void;
  isDead(): boolean;
}

export interface Gate extends AsyncDisposable {
  /** Base URLs for this caller alone. */
  urlsFor(caller: Caller): Record<Api, string>;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body: string;
}

/** Opens one on a free port of loopback. */
export async function openGate(): Promise<Gate> {
  const callers: Caller[] = [];
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    urlsFor(caller) {
      const base = `http://127.0.0.1:${port}/${callers.push(caller) - 1}`;
      return { hetzner: `${base}/hetzner`, cloudflare: `${base}/cloudflare` };
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, number, api, rest = ''] = /^\/(\d+)\/(hetzner|cloudflare)(.*)$/.exec(request.url ?? '') ?? [];
    const caller = callers[Number(number)];
    if (!caller || caller.isDead()) return;
    const cloud = caller.clouds[api as Api];
    const mishap = await caller.meet(api as Api);
    const isSpared = mishap === undefined || mishap === 'stale lists';
    if (isSpared) return cloud.serve(Object.assign(request, { url: rest }), response);
    const sent = await text(request);
    if (mishap === 'killed before') return caller.kill();
    const instead = refusals[mishap];
    if (instead) return void send(response, instead[api as Api]);
    if (mishap === 'cut before') return void response.destroy();

    const answer = await ask(`${cloud.url}${rest}`, request, sent);
    if (mishap === 'killed after') return caller.kill();
    if (mishap === 'cut after') return void response.destroy();
    if (mishap === 'a page of HTML after') return send(response, { ...page, status: 200 });
    if (mishap === 'half an answer after') return send(response, { ...answer, body: half(answer.body) });
    send(response, answer);
  }
}

async function ask(url: string, { method = 'GET', headers }: IncomingMessage, body: string): Promise<Answer> {
  const { authorization = '' } = headers;
  const answer = await fetch(url, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body !== '' && { body }),
  });
  return { status: answer.status, body: await answer.text() };
}

function send(response: ServerResponse, { status, body, headers = {} }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body || undefined);
}

function half(body: string): string {
  return body.slice(0, body.length / 2);
}

const page: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><h1>Just a moment…</h1></html>',
};

const refusals: Record<string, Record<Api, Answer>> = {
  'rate limited': refusal(429, 'rate_limit_exceeded', { 'retry-after': '5' }),
  'server error': refusal(500, 'server_error'),
  unavailable: refusal(503, 'unavailable'),
  'no success': refusal(200, 'no_success'),
  'a page of HTML before': { hetzner: page, cloudflare: page },
};

/** In the words of each of the clouds. */
function refusal(status: number, code: string, headers: Record<string, string> = {}): Record<Api, Answer> {
  const errors = [{ code: 1000, message: code }];
  return {
    hetzner: { status, headers, body: JSON.stringify({ error: { code, message: code, details: null } }) },
    cloudflare: { status, headers, body: JSON.stringify({ success: false, errors, messages: [], result: null }) },
  };
}
