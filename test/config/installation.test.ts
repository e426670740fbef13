import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { openApiToken } from '../../config/api-token.ts';
import { newSecretKey, openInstallation } from '../../config/installation.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('an installation', () => {
  it('gets a name, a key and a token on first run and keeps them', async () => {
    await using folder = await temporaryFolder();
    const home = path.join(folder.path, 'new');

    const first = await openInstallation({ PAWL_HOME: home });
    const token = await openApiToken({ PAWL_HOME: home });

    assert.match(first.name, /^pawl-[0-9a-f]{8}$/);
    assert.deepEqual(
      first.keys.map((key) => Buffer.from(key, 'base64').length),
      [32],
    );
    assert.match(token, /^pawl_[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(await openInstallation({ PAWL_HOME: home }), first);
    assert.equal(await openApiToken({ PAWL_HOME: home }), token);
  });

  it('keeps its files from other users of the machine', async () => {
    await using folder = await temporaryFolder();
    const home = path.join(folder.path, 'new');

    await openInstallation({ PAWL_HOME: home });
    await openApiToken({ PAWL_HOME: home });

    assert.equal((await stat(home)).mode & 0o777, 0o700);
    assert.deepEqual((await readdir(home)).sort(), ['api-token', 'installation', 'secret-keys']);
    for (const file of await readdir(home)) assert.equal((await stat(path.join(home, file))).mode & 0o777, 0o600);
  });

  it('is the same for processes that race for the first run', async () => {
    await using folder = await temporaryFolder();
    const home = path.join(folder.path, 'new');

    const seen = await Promise.all(Array.from({ length: 6 }, () => openInAnotherProcess(home)));

    assert.equal(new Set(seen).size, 1, 'every process reads the same name, keys and token');
    assert.deepEqual((await readdir(home)).sort(), ['api-token', 'installation', 'secret-keys']);
  });

  it('takes name, keys and token from settings and then writes nothing', async () => {
    await using folder = await temporaryFolder();
    const keys = [newSecretKey(), newSecretKey()];

    const installation = await openInstallation({
      PAWL_HOME: folder.path,
      PAWL_INSTALLATION: 'mine',
      PAWL_SECRET_KEY: keys.join(','),
    });

    assert.deepEqual(installation, { home: folder.path, name: 'mine', keys });
    assert.equal(await openApiToken({ PAWL_HOME: folder.path, API_TOKEN: 'preset' }), 'preset');
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('reads every key of the key file, the current one first', async () => {
    await using folder = await temporaryFolder();
    const keys = [newSecretKey(), newSecretKey()];
    await writeFile(path.join(folder.path, 'secret-keys'), `${keys.join('\n')}\n`);

    assert.deepEqual((await openInstallation({ PAWL_HOME: folder.path })).keys, keys);
  });

  it('refuses a key that is not 32 bytes, without showing it', async () => {
    await using folder = await temporaryFolder();
    const attempt = openInstallation({ PAWL_HOME: folder.path, PAWL_SECRET_KEY: 'c2hvcnQ=' });

    await assert.rejects(attempt, (error: Error) => {
      assert.equal(error.name, 'SettingsError');
      assert.match(error.message, /PAWL_SECRET_KEY/);
      assert.doesNotMatch(error.message, /c2hvcnQ/);
      return true;
    });
  });
});

async function openInAnotherProcess(home: string): Promise<string> {
  const script = `
    import { openApiToken } from '${import.meta.resolve('../../config/api-token.ts')}';
    import { openInstallation } from '${import.meta.resolve('../../config/installation.ts')}';
    const settings = { PAWL_HOME: ${JSON.stringify(home)} };
    console.log(JSON.stringify([await openInstallation(settings), await openApiToken(settings)]));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return output;
}
