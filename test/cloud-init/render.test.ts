/** User-data for whatever values a stranger may think of. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { caddyConfig } from '../../cloud-init/on-machine/caddy-config.ts';
import { cloneArguments } from '../../cloud-init/on-machine/steps/clone.ts';
import { renderUserData } from '../../cloud-init/render.ts';
import type { UserDataValues } from '../../cloud-init/values.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { docker } from '../support/docker.ts';
import { openDockerProvider } from '../support/docker-provider.ts';
import { hostileTexts } from '../support/hostile-values.ts';

const run = promisify(execFile);

const ordinary: UserDataValues = {
  workspaceId: 'ws-k3x9a1',
  hostname: 'ui.ws-k3x9a1.vm.localhost',
  coveredName: '*.ws-k3x9a1.vm.localhost',
  tls: 'internal',
  repoUrl: 'https://github.com/octocat/Hello-World.git',
  branch: null,
  machineApiUrl: 'http://host.docker.internal:3101',
  machineToken: 'pawl-vm-0123456789abcdef',
  username: 'dev',
  passwordHash: '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
  heartbeatSeconds: 30,
  deadManMinutes: 60,
};

interface CloudConfig {
  write_files: { path: string; permissions: string; encoding: string; content: string }[];
  runcmd: string[][];
}

describe('rendered user-data', () => {
  let folder: string;
  let canary: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pawl-render-'));
    canary = path.join(folder, 'canary');
  });

  after(() => rm(folder, { recursive: true, force: true }));

  function fileOf(userData: string, name: string): string {
    const { write_files } = parse(userData) as CloudConfig;
    return Buffer.from(write_files.find((file) => file.path === name)?.content ?? '', 'base64').toString();
  }

  it('is the same for the same values, and fits into what every cloud accepts', () => {
    const long = { ...ordinary, repoUrl: `https://example.com/${'x'.repeat(1900)}`, branch: 'b'.repeat(250) };
    assert.equal(renderUserData(ordinary), renderUserData({ ...ordinary }));
    assert.ok(Buffer.byteLength(renderUserData(long)) <= 32 * 1024);
  });

  it('carries any address and branch as data, and runs the same commands whatever they say', () => {
    const { runcmd } = parse(renderUserData(ordinary)) as CloudConfig;
    for (const text of hostileTexts(canary)) {
      const userData = renderUserData({ ...ordinary, repoUrl: text, branch: text.slice(0, 250) });
      const settings = JSON.parse(fileOf(userData, '/etc/pawl/machine.json')) as UserDataValues;
      assert.equal(settings.repoUrl, text);
      assert.equal(settings.branch, text.slice(0, 250));
      assert.deepEqual((parse(userData) as CloudConfig).runcmd, runcmd);
    }
  });

  it('refuses hostile text where a program reads more than text', () => {
    const fields = ['workspaceId', 'hostname', 'machineToken', 'username', 'passwordHash'] as const;
    for (const field of fields) {
      for (const text of hostileTexts(canary).filter((text) => !/^x+$/.test(text))) {
        assert.throws(() => renderUserData({ ...ordinary, [field]: text }), `${field}: ${text}`);
      }
    }
  });

  it('holds the token and the hash where root alone reads them, and nowhere else', () => {
    const userData = renderUserData(ordinary);
    const holder = (parse(userData) as CloudConfig).write_files.find(({ path }) => path === '/etc/pawl/machine.json');
    assert.equal(holder?.permissions, '0600');
    const others = userData.replace(holder?.content ?? '', '');
    for (const secret of [ordinary.machineToken, ordinary.passwordHash]) assert.ok(!others.includes(secret));
  });

  it('brings programs that run nothing when git is given hostile addresses and branches', async () => {
    const environment = { PATH: process.env['PATH'], GIT_TERMINAL_PROMPT: '0', GIT_ALLOW_PROTOCOL: 'https:http:ssh' };
    for (const [index, text] of hostileTexts(canary)
      .filter((text) => !text.includes('\0'))
      .entries()) {
      for (const [address, branch] of [
        [text, null],
        ['https://127.0.0.1:1/x.git', text],
      ] as const) {
        const words = cloneArguments(address, branch, path.join(folder, `clone-${index}`));
        await assert.rejects(run('git', words, { env: environment, cwd: folder }), { code: 128 }, text);
      }
    }
    assert.ok(!existsSync(canary));
  });

  it('unpacks and hands over in a real shell, whatever the values', async () => {
    for (const text of hostileTexts(canary)) {
      const machine = await mkdtemp(path.join(folder, 'machine-'));
      const { write_files, runcmd } = parse(renderUserData({ ...ordinary, repoUrl: text })) as CloudConfig;
      for (const file of write_files) {
        await mkdir(path.dirname(machine + file.path), { recursive: true });
        await writeFile(machine + file.path, Buffer.from(file.content, 'base64'));
      }
      const [unpack] = runcmd.map((words) => words.map((word) => word.replace(/^\/opt/, `${machine}/opt`)));
      // cloud-init turns a list of words into one line of a shell script, each word in quotes.
      const line = unpack?.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(' ') ?? '';
      await run('sh', ['-c', line]);
      await run('sh', ['-n', `${machine}/opt/pawl/prelude.sh`]);
      const { repoUrl } = JSON.parse(await readFile(`${machine}/etc/pawl/machine.json`, 'utf8')) as UserDataValues;
      assert.equal(repoUrl, text);
    }
    assert.ok(!existsSync(canary));
  });

  describe('on the machine image', { timeout: 900_000 }, () => {
    const { imageName } = machineRecipe();

    before(() => openDockerProvider('test').prepare?.(() => undefined));

    async function onImage(...words: string[]): Promise<string> {
      return docker(
        'run',
        '--rm',
        '--network=none',
        '--entrypoint=',
        `--volume=${folder}:/given:ro`,
        imageName,
        ...words,
      );
    }

    it('is valid to cloud-init, whatever the values', async () => {
      const texts = hostileTexts(canary);
      for (const [index, text] of texts.entries()) {
        const userData = renderUserData({ ...ordinary, repoUrl: text, branch: text.slice(0, 250) });
        await writeFile(path.join(folder, `user-data-${index}`), userData);
      }
      const script = 'for file in /given/user-data-*; do cloud-init schema --config-file "$file"; done';
      const verdicts = await onImage('sh', '-ec', script);
      assert.equal(verdicts.match(/^Valid cloud-config/gm)?.length, texts.length, verdicts);
    });

    it('gives Caddy a configuration that it takes', async () => {
      const config = caddyConfig({ ...ordinary, sessionToken: 'cafe' });
      await writeFile(path.join(folder, 'caddy.json'), JSON.stringify(config));
      await onImage('caddy', 'validate', '--config', '/given/caddy.json');
    });
  });
});
