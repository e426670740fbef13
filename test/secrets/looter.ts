/** An agent that takes whatever it finds in its container, and gives it away by every way that it has. Needs Node alone. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';

/** `everything`, or what it finds without its own token. */
const [, , wish] = process.argv;
const token = readFileSync('/run/gw/token', 'utf8');

await main();

async function main(): Promise<void> {
  console.log(`token of before: ${await useOldToken()}`);
  const found = {
    environment: JSON.stringify(process.env),
    processes: processes(),
    network: JSON.stringify(networkInterfaces()),
    job: (await ask('GET', '/pawl/job', token)).text,
    ...(wish === 'everything' && { token, files: files() }),
  };
  rmSync('loot', { recursive: true, force: true });
  mkdirSync('loot');
  for (const [name, content] of Object.entries(found)) keep(name, wish === 'everything' ? content : clean(content));
  console.log('looted');
  // Whoever wants to look at the container does so now.
  while (!existsSync('/tmp/enough')) await sleep(50);
}

/** What the turn before has left in the checkout. */
async function useOldToken(): Promise<string> {
  if (!existsSync('loot/token.txt')) return 'none';
  const { status } = await ask('GET', '/pawl/job', readFileSync('loot/token.txt', 'utf8'));
  return String(status);
}

function keep(name: string, content: string): void {
  writeFileSync(`loot/${name}.txt`, content);
  writeFileSync(`loot/${name}.txt.gz`, gzipSync(content));
  if (name === 'files') return;
  for (const line of content.split('\n')) console.log(`${name}: ${line}`);
}

function clean(content: string): string {
  return content.replaceAll(`run:${token}@`, '').replaceAll(token, 'mine');
}

function processes(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const kinds = ['cmdline', 'environ', 'mountinfo', 'status'];
  return pids
    .flatMap((pid) => kinds.map((kind) => read(`/proc/${pid}/${kind}`)))
    .join('\n')
    .replaceAll('\0', ' ');
}

/** All that was brought into the container or made there; not the programs of its image. */
function files(): string {
  return ['/run', '/work', '/tmp', '/etc', '/root', '/home', '/var', '/opt/pawl/agent-host', '/dev/shm']
    .flatMap((folder) => below(folder))
    .map((file) => `${file}\n${read(file)}`)
    .join('\n');
}

function below(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return statSync(file).size < 256 * 1024 ? readFileSync(file, 'latin1') : '';
  } catch {
    return '';
  }
}

function ask(method: string, address: string, shown: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${shown}` };
    const asked = request({ socketPath: '/run/gw/gw.sock', method, path: address, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, text: body }), reject);
    });
    asked.on('error', reject).end();
  });
}
