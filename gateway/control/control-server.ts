/** Where the rest of Pawl tells the gateway of this host that a door in the store has changed, and asks it about credentials. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { chmod, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { CredentialName } from '../../store/credential-value.ts';
import { runIdPattern } from '../../store/run-blobs.ts';
import type { CredentialChecks } from '../credentials/credential-checks.ts';
import type { Doorkeeper } from '../doors/doorkeeper.ts';
import { answerJson } from '../http/answers.ts';
import { controlSocket } from '../places.ts';

/** Who does what is asked for. */
export interface Controlled {
  doorkeeper: Pick<Doorkeeper, 'align'>;
  checks: CredentialChecks;
}

/** Listens under the home; only our own user can reach it. */
export async function serveControl(home: string, controlled: Controlled, log: Logger): Promise<Server> {
  const socket = controlSocket(home);
  await mkdir(path.dirname(socket), { recursive: true, mode: 0o700 });
  await rm(`${socket}.new`, { force: true });
  const server = createServer((request, response) => {
    answer(request, response, controlled).catch((error: unknown) => {
      log.error({ err: error, method: request.method, url: request.url }, 'what the host asked for failed');
      answerJson(response, 500, { error: 'internal_error' });
    });
  });
  server.listen(`${socket}.new`);
  await once(server, 'listening');
  await chmod(`${socket}.new`, 0o600);
  await rename(`${socket}.new`, socket);
  return server;
}

async function answer(request: IncomingMessage, response: ServerResponse, controlled: Controlled): Promise<void> {
  const result = await answerTo(`${request.method} ${request.url}`, controlled);
  if (result === undefined) return answerJson(response, 404, { error: 'not_found' });
  answerJson(response, 200, result);
}

/** `undefined` for what nobody asks for. */
async function answerTo(asked: string, { doorkeeper, checks }: Controlled): Promise<object | undefined> {
  if (asked === 'GET /health') return { status: 'ok' };
  const runId = /^PUT \/doors\/(.+)$/.exec(asked)?.[1];
  if (runId !== undefined && runIdPattern.test(runId)) return { folder: (await doorkeeper.align(runId)) ?? null };
  const [, method, name] = /^(GET|POST) \/credentials\/([^/]+)\/check$/.exec(asked) ?? [];
  if (!CredentialName.safeParse(name).success) return undefined;
  return method === 'POST' ? await checks.ask(name!) : await checks.recall(name!);
}
