/** Where this host's runner tells the gateway that a door in the store has changed. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { runIdPattern } from '../../store/run-blobs.ts';
import type { Doorkeeper } from '../doors/doorkeeper.ts';
import { answerJson } from '../http/answers.ts';
import { controlSocket } from '../places.ts';

/** Listens under the home; only our own user can reach it. */
export async function serveControl(home: string, doorkeeper: Doorkeeper, log: Logger): Promise<Server> {
  const socket = controlSocket(home);
  await mkdir(path.dirname(socket), { recursive: true, mode: 0o700 });
  await rm(`${socket}.new`, { force: true });
  const server = createServer((request, response) => {
    answer(request, response, doorkeeper).catch((error: unknown) => {
      log.error({ err: error }, 'a door could not be brought in line');
      answerJson(response, 500, { error: 'internal_error' });
    });
  });
  server.listen(`${socket}.new`);
  await once(server, 'listening');
  await chmod(`${socket}.new`, 0o600);
  await rename(`${socket}.new`, socket);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, doorkeeper: Doorkeeper): Promise<void> {
  if (request.url === '/health') return answerJson(response, 200, { status: 'ok' });
  const runId = /^\/doors\/(.+)$/.exec(request.url ?? '')?.[1] ?? '';
  if (request.method !== 'PUT' || !runIdPattern.test(runId)) return answerJson(response, 404, { error: 'not_found' });
  answerJson(response, 200, { folder: (await doorkeeper.align(runId)) ?? null });
}
