/** A real git server: `git http-backend` behind Node's HTTP, serving repositories made for one test. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface GitServer {
  port: number;
  /** Asked before every request; nothing is refused unless a test says so. Everybody may push. */
  guard: GitGuard;
  /** The requests so far: method and address. */
  readonly requests: string[];
  /** Makes a repository with one commit of these files on `branch` (default `main`), and its name's path on the server. */
  addRepository(name: string, files: Record<string, string>, branch?: string): Promise<string>;
  /** The bare repository of this name on the server's disk. */
  folderOf(name: string): string;
  close(): Promise<void>;
}

/** What a request gets instead of git's answer; `undefined` lets it pass. */
export type GitGuard = (request: IncomingMessage) => Promise<Refusal | undefined> | Refusal | undefined;

interface Refusal {
  status: number;
  headers?: Record<string, string>;
}

/** Starts a server on a free port of all addresses, so that machines reach it as well. */
export async function startGitServer(): Promise<GitServer> {
  const root = await mkdtemp(path.join(tmpdir(), 'pawl-git-'));
  const server = createServer((request, response) => void receive(request, response));
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const gitServer: GitServer = {
    port: (server.address() as AddressInfo).port,
    guard: () => undefined,
    requests: [],
    folderOf: (name) => path.join(root, name),
    addRepository: (name, files, branch = 'main') => addRepository(root, name, files, branch),
    async close() {
      server.closeAllConnections();
      server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return gitServer;

  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    gitServer.requests.push(`${request.method} ${request.url}`);
    const refusal = await gitServer.guard(request);
    if (!refusal) return serve(root, request, response);
    request.resume();
    response.writeHead(refusal.status, refusal.headers).end();
  }
}

async function addRepository(root: string, name: string, files: Record<string, string>, branch: string) {
  const work = path.join(root, '.work', name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(work, file)), { recursive: true });
    await writeFile(path.join(work, file), content);
  }
  const git = (...args: string[]) => run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args]);
  await git('init', '--quiet', `--initial-branch=${branch}`, work);
  await git('-C', work, 'add', '--all');
  await git('-C', work, 'commit', '--quiet', '--allow-empty', '--message=first');
  await git('clone', '--quiet', '--bare', work, path.join(root, name));
  return `/${name}`;
}

/** One request through the CGI program that git brings. */
function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '/', 'http://git');
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env['PATH'],
      GIT_PROJECT_ROOT: root,
      // Known users may push.
      REMOTE_USER: 'test',
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: request.headers['git-protocol']?.toString() ?? '',
    },
  });
  request.pipe(backend.stdin);
  backend.stdin.on('error', () => request.resume());
  void answer(backend.stdout, response);
}

/** Turns the program's header block and body into an HTTP answer. */
async function answer(output: AsyncIterable<Buffer>, response: ServerResponse): Promise<void> {
  let head = '';
  let headDone = false;
  for await (const chunk of output) {
    if (headDone) {
      response.write(chunk);
      continue;
    }
    head += chunk.toString('latin1');
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) continue;
    headDone = true;
    const headers = head
      .slice(0, end)
      .split('\r\n')
      .map((line) => line.split(/:\s*/, 2) as [string, string]);
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
    response.writeHead(Number.parseInt(status), Object.fromEntries(headers.filter(([name]) => name !== 'Status')));
    response.write(Buffer.from(head.slice(end + 4), 'latin1'));
  }
  if (!headDone) response.writeHead(500);
  response.end();
}
