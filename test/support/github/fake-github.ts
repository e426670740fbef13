/**
 * A GitHub that lives in a test: it keeps pull requests, enforces GitHub's rules about them, and is held, like its client, to
 * GitHub's own description of its API.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { openDocument } from '../openapi.ts';
import { createPull, listPulls, showRepository, type Answer, type Call, type Pull } from './pulls.ts';

export interface FakeGitHub extends AsyncDisposable {
  /** Base URL of its API. */
  url: string;
  port: number;
  /** Every pull request that was ever made, in the order of their numbers. */
  pulls: Pull[];
  /** Every request so far, as `POST /repos/somebody/something/pulls`. */
  calls: string[];
  /** What was not as GitHub's description says, of requests and of answers. */
  violations: string[];
  /** Asked before a request is carried out, and again before its answer leaves; nothing happens unless a test says so. */
  fault: (call: Call, when: 'before' | 'after') => Promise<Fault> | Fault;
  /** Whether a branch of `owner/name` exists; every one does, unless a test says so. */
  hasBranch: (repository: string, branch: string) => Promise<boolean> | boolean;
}

/** An answer in place of the real one; `cut` breaks the connection off. */
export type Fault = (Answer & { headers?: Record<string, string> }) | 'cut' | undefined;

export const gitHubToken = 'ghp-token-of-the-stand-in';

const operationFor = openDocument(path.join(import.meta.dirname, 'api.spec.json'), '[^/]+');

/** Opens one on a free port of loopback. */
export async function openFakeGitHub(): Promise<FakeGitHub> {
  const server = createServer((request, response) => {
    answer(fake, request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const fake: FakeGitHub = {
    ...{ url: `http://127.0.0.1:${port}`, port, pulls: [], calls: [], violations: [] },
    fault: () => undefined,
    hasBranch: () => true,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
  return fake;
}

async function answer(fake: FakeGitHub, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '', 'http://github');
  const sent = await text(request);
  const [, , owner = '', repo = ''] = url.pathname.split('/');
  const body = sent === '' ? undefined : (JSON.parse(sent) as unknown);
  const call: Call = { method: request.method ?? '', path: url.pathname, owner, repo, query: url.searchParams, body };
  fake.calls.push(`${call.method} ${call.path}`);
  const fault = await fake.fault(call, 'before');
  if (fault) return misbehave(response, fault);
  const isKnown = request.headers.authorization === `token ${gitHubToken}`;
  const answered = isKnown ? await carryOut(fake, call) : { status: 401, body: { message: 'Bad credentials' } };
  const lost = await fake.fault(call, 'after');
  if (lost) return misbehave(response, lost);
  send(response, answered);
}

/** Holds the request and its answer to the description; what it does not know is refused. */
async function carryOut(fake: FakeGitHub, call: Call): Promise<Answer> {
  const operation = operationFor(call.method, call.path);
  const wrong = operation?.checkRequest(Object.fromEntries(call.query), call.body) ?? ['there is no such operation'];
  const answered = wrong.length > 0 ? { status: 422, body: { message: wrong.join('; ') } } : await apply(fake, call);
  const drifted = operation?.checkAnswer(answered.status, answered.body) ?? [];
  fake.violations.push(...[...wrong, ...drifted].map((violation) => `${call.method} ${call.path}: ${violation}`));
  return answered;
}

async function apply(fake: FakeGitHub, call: Call): Promise<Answer> {
  if (!call.path.endsWith('/pulls')) return showRepository(call);
  if (call.method === 'GET') return listPulls(fake.pulls, call);
  return await createPull(fake, call);
}

function misbehave(response: ServerResponse, fault: NonNullable<Fault>): void {
  if (fault === 'cut') response.destroy();
  else send(response, fault, fault.headers);
}

function send(response: ServerResponse, { status, body }: Answer, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
