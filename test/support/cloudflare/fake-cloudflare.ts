/**
 * Cloudflare's API, as far as Pawl uses it: one zone, its records and its origin certificates, kept in memory and typed by
 * the client's own types. What it is told to do wrong, it does wrong.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Zone } from 'cloudflare/resources/zones/zones';
import { page, refusal, type ApiError, type Call, type Outcome } from './answer.ts';
import { createDnsRecords, type DnsRecords } from './dns-records.ts';
import { createOriginCa, type OriginCa } from './origin-ca.ts';

/** `applied`: the change was made, and then the answer went wrong. */
export interface Fault {
  applied?: boolean;
  answer: 'cut' | 'html' | 'truncated' | 'unsuccessful' | { status: number; headers?: object; error?: ApiError };
}

export interface FakeCloudflare extends AsyncDisposable {
  baseUrl: string;
  token: string;
  zone: Pick<Zone, 'id' | 'name'>;
  dns: DnsRecords;
  originCa: OriginCa;
  /** `GET /zones`, … in the order of their coming. */
  requests: string[];
  lastHeaders: IncomingMessage['headers'];
  /** What goes wrong with a call; asked for each. */
  script: ((call: Call) => Fault | undefined) | undefined;
  /** Answers a request that arrived elsewhere. */
  serve: RequestListener;
}

export interface FakeOptions {
  zoneName?: string;
  /** Whoever asks for more on a page gets no more. */
  largestPage?: number;
  quota?: number;
}

const token = 'cloudflare-token-of-the-test';
const zoneId = '023e105f4ecef8ad9ca31a8372d0c353';

export async function startFakeCloudflare(options: FakeOptions = {}): Promise<FakeCloudflare> {
  const { zoneName = 'example.com', largestPage = 100, quota = 1000 } = options;
  const zone = { id: zoneId, name: zoneName };
  const dns = createDnsRecords({ largestPage, quota });
  const originCa = await createOriginCa({ largestPage });
  const server = createServer((request, response) => fake.serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const fake: FakeCloudflare = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    ...{ token, zone, dns, originCa },
    requests: [],
    lastHeaders: {},
    script: undefined,
    serve: (request, response) => void serve(request, response),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  return fake;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://fake');
    const sent = await text(request);
    const path = pathname.replace('/client/v4', '');
    const call: Call = {
      ...{ method: request.method ?? '', path, query: searchParams },
      body: sent === '' ? undefined : (JSON.parse(sent) as unknown),
    };
    fake.lastHeaders = request.headers;
    fake.requests.push(`${call.method} ${path}`);
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const fault = fake.script?.(call);
    const outcome = fault && !fault.applied ? undefined : isKnown ? await carryOut(call) : strangersAnswer;
    if (fault) spoil(response, fault, outcome);
    else send(response, outcome?.status ?? 404, JSON.stringify(outcome?.body ?? noRoute.body));
  }

  async function carryOut(call: Call): Promise<Outcome> {
    const { method, path, query } = call;
    const [, first = '', second, third, fourth] = path.split('/');
    if (method === 'GET' && path === '/zones') {
      return page(query.get('name') === zone.name ? [zone] : [], query, largestPage);
    }
    if (first === 'zones' && third === 'dns_records') {
      return second === zone.id ? (dns.handle(call, fourth) ?? noRoute) : noZone;
    }
    if (first === 'certificates') return (await originCa.handle(call, second)) ?? noRoute;
    return noRoute;
  }
}

const noRoute = refusal(404, { code: 7000, message: 'No route for that URI' });
const noZone = refusal(404, {
  code: 7003,
  message: 'Could not route to the zone, perhaps your object identifier is invalid?',
});
const strangersAnswer = refusal(401, { code: 10000, message: 'Authentication error' });

function spoil(response: ServerResponse, { answer }: Fault, outcome: Outcome | undefined): void {
  if (answer === 'cut') return void response.destroy();
  if (answer === 'html')
    return send(response, 200, '<html><h1>Just a moment…</h1></html>', { 'content-type': 'text/html' });
  const whole = JSON.stringify(outcome?.body ?? { success: true, result: [] });
  if (answer === 'truncated') return send(response, 200, whole.slice(0, whole.length / 2));
  const errors = [{ code: 1000, message: 'Something is wrong' }];
  if (answer === 'unsuccessful') return send(response, 200, JSON.stringify({ success: false, errors, result: null }));
  const { status, headers, error } = answer;
  send(response, status, JSON.stringify(refusal(status, ...(error ? [error] : [])).body), headers);
}

function send(response: ServerResponse, status: number, body: string, headers: object = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
}
