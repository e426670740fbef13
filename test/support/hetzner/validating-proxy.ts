/**
 * Stands between the client and the fake cloud and holds both to Hetzner's own document. A request or answer that is not
 * as the document says is noted, and fails.
 */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { openDocument } from '../openapi.ts';
import type { Violations } from '../openapi.ts';

const operationFor = openDocument(path.join(import.meta.dirname, 'cloud.spec.json'), '[1-9]\\d*');

export interface ValidatingProxy {
  /** Base URL, for `HCLOUD_ENDPOINT`. */
  url: string;
  /** Everything that was not as it should be. */
  violations: string[];
  /** How many requests and answers were as they should be, by operation. */
  passed: Map<string, number>;
  close(): Promise<void>;
}

/** Opens one on a free port of loopback, before the API at `upstream`. */
export async function openValidatingProxy(upstream: string): Promise<ValidatingProxy> {
  const violations: string[] = [];
  const passed = new Map<string, number>();
  const server = createServer((request, response) => {
    pass(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    violations,
    passed,
    async close() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL((request.url ?? '').replace('/v1', ''), 'http://proxy');
    const method = request.method ?? '';
    const operation = operationFor(method, url.pathname);
    if (!operation) return refuse(response, 404, method, url, ['there is no such operation']);

    const sent = await text(request);
    const wrong = operation.checkRequest(Object.fromEntries(url.searchParams), parsed(sent));
    if (wrong.length > 0) return refuse(response, 422, method, url, wrong);

    const answer = await fetch(upstream + url.pathname + url.search, {
      method,
      headers: { authorization: request.headers.authorization ?? '', 'content-type': 'application/json' },
      ...(sent !== '' && { body: sent }),
    });
    const received = await answer.text();
    const drifted = operation.checkAnswer(answer.status, parsed(received));
    if (drifted.length > 0) return refuse(response, 500, method, url, drifted);

    const key = `${method} ${url.pathname.replace(/\d+/, '{id}')}`;
    passed.set(key, (passed.get(key) ?? 0) + 1);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(received);
  }

  function refuse(response: ServerResponse, status: number, method: string, url: URL, wrong: Violations): void {
    violations.push(...wrong.map((violation) => `${method} ${url.pathname}: ${violation}`));
    const error = { code: 'violation', message: wrong.join('; '), details: null };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
  }
}

function parsed(body: string): unknown {
  return body === '' ? undefined : (JSON.parse(body) as unknown);
}
