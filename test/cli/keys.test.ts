import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { openKeyring } from '../../config/open-keyring.ts';
import { createKeyring } from '../../store/keyring.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { newKey } from '../support/keys.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const program = fileURLToPath(new URL('./keys-program.ts', import.meta.url));
const killAtStep = new URL('../support/kill-at-step.ts', import.meta.url).href;
const secrets = ['a/password', 'b/password', 'c/token'];

describe('pawl keys', () => {
  it('rotates: a new current key, everything sealed with it, the old key kept', async () => {
    await using installation = await makeInstallation();
    const { stdout } = await installation.pawl('keys', 'rotate');
    const keys = await installation.keys();
    assert.equal(keys.length, 2);
    assert.equal(keys[1], installation.firstKey);
    assert.match(stdout, new RegExp(`Key ${createKeyring(keys).currentKeyId} is the current key now`));
    assert.match(stdout, /Sealed 4 stored values again/);
    assert.equal((await stat(installation.keyFile)).mode & 0o777, 0o600);
    await assertReadable(installation.home, keys.slice(0, 1));
  });

  it('writes each rotation into the audit log, without a key', async () => {
    await using installation = await makeInstallation();
    await installation.pawl('keys', 'rotate');
    const keys = await installation.keys();
    const entries = await withStore(installation.home, keys, (store) => store.audit.list({ limit: 10 }));
    assert.deepEqual(entries, [
      {
        id: 1,
        at: entries[0]?.at,
        actor: 'operator',
        action: 'keys.rotate',
        subject: `key:${createKeyring(keys).currentKeyId}`,
        details: { resealed: 4 },
      },
    ]);
  });

  it('lists ids and since when, never a key', async () => {
    await using installation = await makeInstallation();
    await installation.pawl('keys', 'rotate');
    const { stdout } = await installation.pawl('keys', 'list');
    const keys = await installation.keys();
    const [current, first] = createKeyring(keys).keyIds;
    assert.match(stdout, new RegExp(`^${current}  seals and opens  since \\d{4}-.*\\n${first}  opens only `));
    for (const key of keys) assert.ok(!stdout.includes(key));
  });

  it('reseals with the first key of PAWL_SECRET_KEY and says how to rotate there', async () => {
    await using installation = await makeInstallation();
    const keys = [newKey(), installation.firstKey];
    const { stdout } = await installation.pawlWith({ PAWL_SECRET_KEY: keys.join(',') }, 'keys', 'rotate');
    assert.match(stdout, /Sealed 4 stored values again .* the first in PAWL_SECRET_KEY/);
    assert.deepEqual(await installation.keys(), [installation.firstKey]);
    await assertReadable(installation.home, keys.slice(0, 1));
  });

  it('keeps the new key of each of two rotations that run at once', async () => {
    await using installation = await makeInstallation();
    await Promise.all([installation.pawl('keys', 'rotate'), installation.pawl('keys', 'rotate')]);
    const keys = await installation.keys();
    assert.equal(new Set(keys).size, 3);
    await assertReadable(installation.home, keys.slice(0, 1));
  });

  it('is noticed by a process that runs: it reads what was sealed with the new key', async () => {
    await using installation = await makeInstallation();
    const keyring = await openKeyring({ PAWL_HOME: installation.home });
    const running = await openStore({ home: installation.home, keyring });
    try {
      await installation.pawl('keys', 'rotate');
      assert.equal(await running.secrets.read(secrets[0]!), `value of ${secrets[0]}`);
      assert.equal(keyring.currentKeyId, createKeyring(await installation.keys()).currentKeyId);
    } finally {
      await running.close();
    }
  });

  it('leaves everything readable when it is killed at any step, and the next call completes it', async () => {
    for (let step = 1; ; step++) {
      await using installation = await makeInstallation();
      const env = { KILL_AT_STEP: String(step), NODE_OPTIONS: `--import=${killAtStep}` };
      const { signal } = await installation.pawlWith(env, 'keys', 'rotate');
      await assertReadable(installation.home, await installation.keys());
      if (signal === undefined) {
        assert.ok(step > 10, `only ${step} steps were seen`);
        break;
      }
      await endLock(installation.keyFile);
      await installation.pawl('keys', 'rotate');
      const keys = await installation.keys();
      await assertReadable(installation.home, keys.slice(0, 1));
      const files = (await readdir(installation.home)).filter((name) => name.startsWith('secret-keys'));
      assert.deepEqual(files, ['secret-keys'], `killed at step ${step}`);
      assert.ok(keys.length <= 3, `${keys.length} keys after a kill at step ${step}`);
      const entries = await withStore(installation.home, keys, (store) => store.audit.list({ limit: 10 }));
      assert.equal(entries.length, keys.length - 1, `one audit entry for each rotation, killed at step ${step}`);
    }
  });
});

/** An installation with one key, three secrets and one idempotent answer. */
async function makeInstallation() {
  const folder = await temporaryFolder();
  const home = folder.path;
  const keyFile = path.join(home, 'secret-keys');
  const firstKey = newKey();
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'installation'), 'pawl-test\n');
  await writeFile(keyFile, `${firstKey}\n`, { mode: 0o600 });
  await withStore(home, [firstKey], async (store) => {
    for (const name of secrets) await store.secrets.ensure(name, `value of ${name}`);
    await store.idempotency.claim({ scope: 's', key: 'k', fingerprint: 'f', plan: 'p' });
    await store.idempotency.answer('s', 'k', '201');
  });
  const pawlWith = (env: Record<string, string>, ...args: string[]) => {
    return execa(process.execPath, [program, ...args], { env: { PAWL_HOME: home, ...env }, reject: false });
  };
  return {
    home,
    keyFile,
    firstKey,
    pawlWith,
    async pawl(...args: string[]) {
      const result = await pawlWith({}, ...args);
      assert.equal(result.exitCode, 0, result.stderr);
      return result;
    },
    keys: async () => (await readFile(keyFile, 'utf8')).trim().split('\n'),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

async function assertReadable(home: string, keys: string[]): Promise<void> {
  await withStore(home, keys, async (store) => {
    for (const name of secrets) assert.equal(await store.secrets.read(name), `value of ${name}`);
    const claim = await store.idempotency.claim({ scope: 's', key: 'k', fingerprint: 'f', plan: 'p' });
    assert.deepEqual(claim, { outcome: 'answered', answer: '201' });
  });
}

async function withStore<Result>(
  home: string,
  keys: string[],
  use: (store: Store) => Promise<Result>,
): Promise<Result> {
  const store = await openStore({ home, keyring: createKeyring(keys) });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** The lock of a killed process ends by itself, but only after five seconds. */
async function endLock(keyFile: string): Promise<void> {
  await rm(`${keyFile}.lock`, { recursive: true, force: true });
}
