import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../support/temporary-folder.ts';

const serverPath = fileURLToPath(new URL('../../api/server.ts', import.meta.url));

interface ApiProcess extends AsyncDisposable {
  child: ChildProcess;
  url: string;
  machineUrl: string;
  token: string;
  /** What it wrote so far. */
  output: string[];
  /** Its exit code, once it has ended by itself. */
  ended: Promise<number | null>;
}

function run(home: string, settings: Record<string, string>): Omit<ApiProcess, 'url' | 'machineUrl' | 'token'> {
  const child = spawn(process.execPath, [serverPath], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...{ PATH: process.env['PATH'], PAWL_HOME: home, TEMPORAL_ADDRESS: '127.0.0.1:1' },
      ...{ PORT: '0', MACHINE_API_PORT: '0', MACHINE_API_HOST: '127.0.0.1', ...settings },
    },
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) createInterface(stream).on('line', (line) => output.push(line));
  }
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  return {
    ...{ child, output, ended },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function start(home: string, settings: Record<string, string> = {}): Promise<ApiProcess> {
  const api = run(home, settings);
  const lines = createInterface(api.child.stdout!);
  for await (const line of lines) {
    const { msg, api: address, machines } = JSON.parse(line) as Record<string, string>;
    if (msg !== 'listening') continue;
    const token = (await readFile(path.join(home, 'api-token'), 'utf8')).trim();
    return { ...api, token, url: `http://${address}`, machineUrl: `http://${machines}` };
  }
  throw new Error(`the API did not start:\n${api.output.join('\n')}`);
}

describe('the API process', () => {
  it('comes up without Temporal, and its token is in the file that only the owner reads', async () => {
    await using folder = await temporaryFolder();
    await using api = await start(folder.path);
    const get = (address: string) => fetch(address, { headers: { Authorization: `Bearer ${api.token}` } });
    assert.equal((await get(`${api.url}/health`)).status, 200);
    assert.equal((await get(`${api.url}/providers`)).status, 200);
    assert.equal((await get(`${api.machineUrl}/providers`)).status, 404);
    assert.ok(!api.output.join('\n').includes(api.token));
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    it(`on ${signal} ends with its connections closed and code 0`, async () => {
      await using folder = await temporaryFolder();
      await using api = await start(folder.path);
      await (await fetch(`${api.url}/health`)).text();
      api.child.kill(signal);
      assert.equal(await api.ended, 0);
    });
  }

  it('ends when the process that started it is gone', async () => {
    await using folder = await temporaryFolder();
    await using api = await start(folder.path);
    api.child.disconnect();
    assert.equal(await api.ended, 0);
  });

  it('names the settings to change when its port is taken', async () => {
    await using folder = await temporaryFolder();
    await using first = await start(folder.path);
    await using second = run(folder.path, { PORT: new URL(first.url).port });
    assert.notEqual(await second.ended, 0);
    assert.match(second.output.join('\n'), /EADDRINUSE.*Another address: HOST, PORT/);
  });

  it('names every setting that does not work, and no value of a secret one', async () => {
    await using folder = await temporaryFolder();
    await using api = run(folder.path, { PORT: 'many', RATE_LIMITS: 'x', BASE_DOMAIN: '-', API_TOKEN: 'short' });
    assert.notEqual(await api.ended, 0);
    const words = api.output.join('\n');
    for (const name of ['PORT', 'RATE_LIMITS', 'BASE_DOMAIN', 'API_TOKEN'])
      assert.match(words, new RegExp(`${name}: `));
  });
});
