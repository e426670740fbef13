/** The key to a repository: used, and seen nowhere. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { generate } from 'selfsigned';
import { cloneRepository } from '../../repositories/clone.ts';
import { gitWords } from '../../repositories/git-words.ts';
import { canonicalRepositoryUrl } from '../../repositories/repository-url.ts';
import { publishWork } from '../../repositories/publish.ts';
import { askForTokens, passwordOf } from '../support/git-guards.ts';
import { openWorkshop, orderFor, type Workshop } from './workshop.ts';

const canary = 'write-canary/+with=signs';
const credential = { username: 'x-access-token', password: canary };

describe('a repository’s credential', () => {
  let shop: Workshop;
  let looks = 0;
  before(async () => {
    shop = await openWorkshop();
    const guard = askForTokens({ read: 'read-canary', write: canary });
    shop.server.guard = async (request) => {
      // While git waits for the server: it has the credential now, if it has it at all.
      if (passwordOf(request) !== '') looks++;
      assert.deepEqual(await commandLinesWith(canary), []);
      assert.deepEqual(await filesWith(shop.folder, canary), []);
      return guard(request);
    };
  });
  after(() => shop?.[Symbol.asyncDispose]());

  it('is on no command line and in no file while git uses it to clone and to publish', async () => {
    const remote = { ...shop.remote, credential };
    await cloneRepository(await shop.openGit(), remote, { branch: null, depth: 1 });
    const left = await shop.agentLeaves(async ({ write, commit }) => {
      await write({ 'b.txt': 'b' });
      await commit('feat: b');
    });
    const published = await publishWork(await shop.openGit(), remote, orderFor(left, { branch: 'claude/secret' }));
    assert.equal(published.outcome, 'published');
    assert.ok(looks >= 4);
    assert.deepEqual(await filesWith(shop.server.folderOf('project.git'), canary), []);
  });

  it('opens its repository also when somebody wrote scheme and host in capitals', async () => {
    const { host, pathname } = new URL(shop.remote.url);
    const url = canonicalRepositoryUrl(`HTTP://${host.replace('127.0.0.1', 'LocalHost')}${pathname}`);
    const cloned = await cloneRepository(await shop.openGit(), { url, credential }, { branch: null, depth: 1 });
    assert.equal(cloned.branch, 'main');
  });

  it('that may only read does not publish, and the refusal is final', async () => {
    const remote = { ...shop.remote, credential: { ...credential, password: 'read-canary' } };
    const left = await shop.agentLeaves(async ({ write, commit }) => {
      await write({ 'c.txt': 'c' });
      await commit('feat: c');
    });
    const publishing = publishWork(await shop.openGit(), remote, orderFor(left, { branch: 'claude/readonly' }));
    await assert.rejects(publishing, { failure: 'PublishFailed', message: /403/ });
  });

  it('is in no error, in whatever form a server repeats it', () => {
    const forms = [canary, encodeURIComponent(canary), Buffer.from(canary).toString('base64')];
    const words = gitWords(
      `remote: ${forms.join(' ')}\nfatal: http://u:${encodeURIComponent(canary)}@host/ \u001b[31mred\n`,
      {
        ...shop.remote,
        credential,
      },
    );
    assert.ok(forms.every((form) => !words.includes(form)));
    assert.equal(words, '[hidden] [hidden] [hidden]; http://host/  [31mred');
  });

  it('is not told to another server when its own sends git there', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const asked: string[] = [];
    const listen = async (name: string, answer: RequestListener) => {
      const server = createServer({ key, cert }, (request, response) => {
        asked.push(`${name} ${passwordOf(request)}`);
        answer(request, response);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      return { server, url: `https://127.0.0.1:${(server.address() as AddressInfo).port}` };
    };
    const askFor = (response: ServerResponse) =>
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    const other = await listen('other', (_request, response) => askFor(response));
    const first = await listen('first', (request, response) =>
      passwordOf(request) === ''
        ? askFor(response)
        : response.writeHead(302, { location: `${other.url}${request.url}` }).end(),
    );
    const authorities = path.join(shop.folder, 'ca.pem');
    await writeFile(authorities, cert);
    process.env['GIT_SSL_CAINFO'] = authorities;
    try {
      const remote = { url: `${first.url}/x.git`, credential };
      await assert.rejects(cloneRepository(await shop.openGit(), remote, { branch: null, depth: null }));
    } finally {
      delete process.env['GIT_SSL_CAINFO'];
      first.server.close();
      other.server.close();
    }
    assert.deepEqual(new Set(asked), new Set(['first ', `first ${canary}`, 'other ']));
  });

  it('is told to the server it belongs to, and to no other', async () => {
    const script = fileURLToPath(new URL('../../repositories/askpass.sh', import.meta.url));
    const env = {
      PAWL_GIT_SCHEME: 'https',
      PAWL_GIT_HOST: 'git.example:8443',
      PAWL_GIT_USERNAME: 'x-access-token',
      PAWL_GIT_PASSWORD: canary,
    };
    const answer = async (question: string) => {
      const { exitCode, stdout } = await execa(script, [question], { env, extendEnv: false, reject: false });
      return exitCode === 0 ? stdout : undefined;
    };
    assert.equal(await answer("Username for 'https://git.example:8443': "), 'x-access-token');
    assert.equal(await answer("Password for 'https://x-access-token@git.example:8443': "), canary);
    for (const place of [
      'http://x-access-token@git.example:8443',
      'https://x-access-token@git.example',
      'https://x-access-token@*',
    ]) {
      assert.equal(await answer(`Password for '${place}': `), undefined);
    }
  });
});

async function commandLinesWith(text: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(text) || line.includes(encodeURIComponent(text)));
}

async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1').catch(() => '')));
  return files.filter((_file, index) => contents[index]?.includes(text));
}
