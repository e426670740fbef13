/** Runs in a container and tries to get out by every way but its door; prints what came of it. Needs Node alone. */
import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { lookup, Resolver } from 'node:dns/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';

/** What came of each attempt: an error's code, or what it should not have reached. */
type Outcomes = Record<string, string>;

/** One way out: what is there, and how it is reached. Abstract sockets have their name for a host. */
export type Way = [what: string, by: 'tcp' | 'udp' | 'socket', host: string, port: number];

/** What the program prints. */
export interface PrisonerReport {
  job: unknown;
  /** Status of a call to a model. */
  model: number;
  interfaces: string[];
  ways: Outcomes;
  names: Outcomes;
  tunnels: Outcomes;
  writes: Outcomes;
  /** Keys that were found somewhere in the container. */
  canaries: string[];
}

const socketPath = '/run/gw/gw.sock';

/** A question for the address of example.com, as resolvers ask it. */
const question = Buffer.from('000101000001000000000000076578616d706c6503636f6d0000010001', 'hex');

if (import.meta.main) {
  console.log(JSON.stringify(await report()));
  // Attempts that nobody refused are still waiting.
  process.exit();
}

async function report(): Promise<PrisonerReport> {
  const ways = JSON.parse(process.env['WAYS'] ?? '[]') as Way[];
  const job = await ask('GET', '/pawl/job');
  const model = await ask('POST', '/v1/messages');
  const elsewhere = ['example.com', '169.254.169.254', '[::1]', '172.17.0.1', 'localhost', 'host.docker.internal'];
  return {
    job: JSON.parse(job.text),
    model: model.status,
    interfaces: Object.keys(networkInterfaces()),
    ways: await outcomes(ways, tryWay),
    names: await outcomes(['registry.npmjs.org', 'host.docker.internal', 'example.com'], tryName),
    tunnels: await outcomes(elsewhere, (host) => tryTunnel(`${host}:443`)),
    writes: await outcomes(['/run/gw/token', '/run/gw/other', '/etc/passwd', '/prisoner.ts'], async (file) => {
      writeFileSync(file, 'x');
      return 'written';
    }),
    canaries: findCanaries(job.text + model.text),
  };
}

async function outcomes<One>(list: One[], attempt: (one: One) => Promise<string>): Promise<Outcomes> {
  const entries = list.map(async (one) => [String(one), await attempt(one).catch(codeOf)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** `connected`, `no answer`, or the code of the error. */
export function tryWay([, by, host, port]: Way): Promise<string> {
  return (by === 'udp' ? askByUdp(host, port) : connectTo(by === 'tcp' ? { host, port } : { path: `\0${host}` })).catch(
    codeOf,
  );
}

function connectTo(target: { host: string; port: number } | { path: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...target, timeout: 5_000 });
    socket
      .on('connect', () => resolve('connected'))
      .on('error', reject)
      .on('timeout', () => resolve('no answer'))
      .on('close', () => socket.destroy());
  });
}

function askByUdp(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    setTimeout(() => resolve('no answer'), 5_000).unref();
    socket.on('message', () => resolve('connected')).on('error', reject);
    socket.connect(port, host, (error?: Error) => (error ? reject(error) : socket.send(question)));
  });
}

async function tryName(name: string): Promise<string> {
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers(['8.8.8.8', '127.0.0.11']);
  const [bySystem, byServer] = await Promise.allSettled([lookup(name), resolver.resolve4(name)]);
  if (bySystem.status === 'fulfilled') return bySystem.value.address;
  return byServer.status === 'fulfilled' ? byServer.value.join() : codeOf(bySystem.reason);
}

function tryTunnel(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, method: 'CONNECT', path: target });
    asked.on('connect', ({ statusCode }) => resolve(String(statusCode))).on('error', reject);
    asked.end();
  });
}

function ask(method: string, path: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${readFileSync('/run/gw/token', 'utf8')}` };
    const asked = request({ socketPath, method, path, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    });
    asked.on('error', reject).end(method === 'POST' ? '{}' : undefined);
  });
}

/** Looks in all processes, mounts and what the door said; our own environment has the canaries, since we look for them. */
function findCanaries(said: string): string[] {
  const given = process.env['CANARIES'] ?? '[]';
  const script = 'cat /proc/*/environ /proc/*/cmdline /proc/self/mountinfo /run/gw/* 2>/dev/null; true';
  const all = said + execFileSync('sh', ['-c', script], { env: {} }).toString().replaceAll(given, '');
  return (JSON.parse(given) as string[]).filter((canary) => all.includes(canary));
}
