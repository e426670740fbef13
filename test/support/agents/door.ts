/**
 * The door of one run as an agent host sees it: a unix socket that hands out the job, takes events and files, and passes
 * model calls on. The gateway's own tests are about the gateway; this one shows what came through, and can go away.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, copyFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';
import type { AgentEnded, AgentEventType, NumberedEvent } from '../../../agent-host/events.ts';
import type { Job } from '../../../agent-host/job.ts';
import { until } from '../../../engine/until.ts';

export interface TestDoor extends AsyncDisposable {
  /** The folder that the container gets: socket and token. */
  folder: string;
  token: string;
  /** Events in the order in which they came, each once. */
  events: NumberedEvent[];
  /** Events that came again, and were not what they had been. */
  conflicts: NumberedEvent[];
  /** Files that were asked for. */
  wanted: string[];
  /** Whether the job is written yet. */
  hasJob: boolean;
  /** Hosts that somebody wanted a tunnel to. */
  tunnels: string[];
  /** What was handed in under this name. */
  file(name: string): string;
  /** Resolves when an event of this type is there. */
  told(type: AgentEventType): Promise<NumberedEvent>;
  /** Messages of the agent, in order. */
  messages(): Record<string, unknown>[];
  /** The end that was told; fails when there is none, or anything after it. */
  end(): AgentEnded;
  files(): Promise<string[]>;
  /** Nobody answers until `open` is called again. */
  close(): Promise<void>;
  open(): Promise<void>;
}

export interface DoorWishes {
  job: Job;
  /** Files of this machine that the run gets, by their names there. */
  inputs?: Record<string, string>;
  /** Names of files that are never handed out, nor refused. */
  held?: string[];
  modelUrl?: string;
}

/** Opens a door below `root`. */
export async function openTestDoor(
  root: string,
  { job, inputs = {}, held = [], modelUrl }: DoorWishes,
): Promise<TestDoor> {
  const folder = path.join(root, 'door');
  const files = path.join(root, 'files');
  await Promise.all([folder, files].map((one) => mkdir(one, { recursive: true })));
  for (const [name, file] of Object.entries(inputs)) await copyFile(file, path.join(files, name));
  const token = 'run-token-0123456789';
  await writeFile(path.join(folder, 'token'), token, { mode: 0o644 });
  let server: Server | undefined;

  const door: TestDoor = {
    folder,
    token,
    events: [],
    conflicts: [],
    wanted: [],
    hasJob: true,
    tunnels: [],
    file: (name) => path.join(files, name),
    async told(type) {
      await until(`${type} is told`, () => door.events.some((event) => event.type === type));
      return door.events.find((event) => event.type === type)!;
    },
    messages: () =>
      door.events
        .filter(({ type }) => type === 'agent.message')
        .map(({ data }) => (data as { message: Record<string, unknown> }).message),
    end() {
      assert.equal(door.events.at(-1)?.type, 'agent.ended');
      return door.events.at(-1)?.data as AgentEnded;
    },
    files: async () => (await readdir(files)).filter((name) => !name.endsWith('.part')).toSorted(),
    async close() {
      server?.closeAllConnections();
      server?.close();
      await rm(path.join(folder, 'gw.sock'), { force: true });
    },
    async open() {
      server = createServer((request, response) => void serve(door, { job, held, modelUrl }, request, response));
      server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n'));
      server.on('connect', ({ url }, socket) => {
        door.tunnels.push(url ?? '');
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      });
      const socket = path.join(folder, 'gw.sock');
      server.listen(socket);
      await once(server, 'listening');
      await chmod(socket, 0o666);
    },
    [Symbol.asyncDispose]: () => door.close(),
  };
  await door.open();
  return door;
}

type Given = { job: Job; held: string[]; modelUrl: string | undefined };

async function serve(
  door: TestDoor,
  { job, held, modelUrl }: Given,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const { method, url = '' } = request;
  try {
    if (!isKnown(request, door.token)) return sendJson(response, 401, {});
    const name = /^\/pawl\/files\/([a-z0-9._-]{1,64})$/.exec(url)?.[1];
    if (method === 'GET' && url === '/pawl/job') {
      door.wanted.push('job');
      return door.hasJob ? sendJson(response, 200, job) : sendJson(response, 404, {});
    }
    if (method === 'POST' && url === '/pawl/events') return sendJson(response, 200, await takeEvents(door, request));
    if (method === 'GET' && name) door.wanted.push(name);
    if (method === 'GET' && name) return held.includes(name) ? undefined : await sendFile(door, name, response);
    if (method === 'PUT' && name) return await takeFile(door, name, request, response);
    if (modelUrl !== undefined && /^\/(v1|openai|gemini)\//.test(url)) return await passOn(modelUrl, request, response);
    return sendJson(response, 404, { error: { message: 'no such route' } });
  } catch {
    // The host went away in the middle; it will ask again.
    response.destroy();
  }
}

function isKnown({ headers }: IncomingMessage, token: string): boolean {
  const shown = [headers.authorization?.replace('Bearer ', ''), headers['x-api-key'], headers['x-goog-api-key']];
  return shown.includes(token);
}

async function takeEvents(door: TestDoor, request: IncomingMessage): Promise<{ acked: number }> {
  const { events } = (await json(request)) as { events: NumberedEvent[] };
  for (const event of events) {
    const known = door.events.find(({ seq }) => seq === event.seq);
    if (!known) door.events.push(event);
    else if (!isDeepStrictEqual(known, event)) door.conflicts.push(event);
  }
  return { acked: Math.max(0, ...door.events.map(({ seq }) => seq)) };
}

async function sendFile(door: TestDoor, name: string, response: ServerResponse): Promise<void> {
  if (!(await door.files()).includes(name)) return sendJson(response, 404, {});
  await pipeline(createReadStream(door.file(name)), response);
}

async function takeFile(
  door: TestDoor,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const part = `${door.file(name)}.part`;
  await pipeline(request, createWriteStream(part));
  await rename(part, door.file(name));
  sendJson(response, 201, {});
}

async function passOn(modelUrl: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const upstream = httpRequest(modelUrl + request.url, { method: request.method, headers: request.headers });
  request.pipe(upstream);
  response.on('close', () => upstream.destroy());
  const [answer] = (await once(upstream, 'response')) as [IncomingMessage];
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  await pipeline(answer, response);
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
