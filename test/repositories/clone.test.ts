import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { extract } from 'tar-fs';
import { packClone } from '../../repositories/archive.ts';
import { cloneRepository, type CloneRequest } from '../../repositories/clone.ts';
import type { Git } from '../../repositories/git.ts';
import type { Remote } from '../../repositories/remote.ts';
import { askForTokens, passwordOf, redirectTo } from '../support/git-guards.ts';
import { openWorkshop, type Workshop } from './workshop.ts';

const pointer =
  'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';

describe('cloning for an agent', () => {
  let shop: Workshop;
  before(async () => {
    const files = { 'README.md': '# Project\n', 'big.bin': pointer, '.gitattributes': '*.bin filter=lfs\n' };
    shop = await openWorkshop(files);
    await shop.onServer('branch', 'dev', await shop.onServer('commit-tree', '-p', 'main', '-m', 'dev', 'main^{tree}'));
  });
  after(() => shop?.[Symbol.asyncDispose]());

  const clone = async (request: Partial<CloneRequest> = {}, remote: Remote = shop.remote, git?: Git) =>
    cloneRepository(git ?? (await shop.openGit()), remote, { branch: null, depth: null, ...request });

  it('takes the branch that was asked for', async () => {
    const baseCommit = await shop.onServer('rev-parse', 'dev');
    assert.deepEqual(await clone({ branch: 'dev' }), {
      branchAsked: 'dev',
      branch: 'dev',
      fellBack: false,
      baseCommit,
    });
  });

  it('takes the default branch where none was asked for, or there is none of that name, and says so', async () => {
    const baseCommit = await shop.onServer('rev-parse', 'main');
    const main = { branch: 'main', baseCommit };
    assert.deepEqual(await clone(), { branchAsked: null, fellBack: false, ...main });
    for (const name of ['nowhere', 'ma*', '--upload-pack=touch x', 'main:refs/heads/dev', '', '\n']) {
      assert.deepEqual(await clone({ branch: name }), { branchAsked: name, fellBack: true, ...main });
    }
  });

  it('takes the fallback before the default branch where the branch that was asked for is gone', async () => {
    const baseCommit = await shop.onServer('rev-parse', 'dev');
    const dev = { branchAsked: 'gone', branch: 'dev', fellBack: true, baseCommit };
    assert.deepEqual(await clone({ branch: 'gone', fallback: 'dev' }), dev);
    assert.equal((await clone({ branch: 'gone', fallback: 'gone too' })).branch, 'main');
    assert.equal((await clone({ branch: 'main', fallback: 'dev' })).branch, 'main');
  });

  it('hands over one branch with its history, or as much of it as was asked for, and no working files', async () => {
    const git = await shop.openGit();
    await clone({ branch: 'dev', depth: 1 }, shop.remote, git);
    assert.equal((await git(['rev-list', '--all', '--count'])).toString(), '1\n');
    const whole = await shop.openGit();
    await clone({ branch: 'dev' }, shop.remote, whole);
    assert.equal((await whole(['rev-list', '--all', '--count'])).toString(), '2\n');
    assert.equal((await whole(['branch', '--format=%(refname)'])).toString(), 'refs/heads/dev\n');
  });

  it('packs what a container can check out; large files stay pointers', async () => {
    const git = await shop.openGit();
    const { baseCommit } = await clone({}, shop.remote, git);
    const folder = await mkdtemp(path.join(shop.folder, 'container-'));
    await pipeline(packClone((await git(['rev-parse', '--absolute-git-dir'])).toString().trim()), extract(folder));
    assert.deepEqual((await readdir(folder)).toSorted(), ['HEAD', 'config', 'objects', 'refs']);
    await execa('git', ['clone', '--quiet', folder, `${folder}/checkout`]);
    const { stdout } = await execa('git', ['-C', `${folder}/checkout`, 'rev-parse', 'HEAD']);
    assert.equal(stdout, baseCommit);
    assert.equal(await readFile(`${folder}/checkout/big.bin`, 'utf8'), pointer);
  });

  it('says that a repository is empty', async () => {
    await execa('git', ['init', '--quiet', '--bare', shop.server.folderOf('empty.git')]);
    const remote = { url: shop.remote.url.replace('project', 'empty'), credential: null };
    await assert.rejects(clone({}, remote), { failure: 'BranchMissing', message: /may be empty/ });
    await assert.rejects(clone({ branch: 'main' }, remote), { failure: 'BranchMissing', message: /"main"/ });
  });

  it('tells apart what is not there, what cannot be reached, and what is too large', async () => {
    const at = (url: string) => ({ url, credential: null });
    await assert.rejects(clone({}, at(shop.remote.url.replace('project', 'none'))), { failure: 'RepositoryMissing' });
    await assert.rejects(clone({}, at('http://127.0.0.1:1/x.git')), { failure: 'RepositoryUnreachable' });
    await assert.rejects(clone({}, at('https://nowhere.invalid/x.git')), { failure: 'RepositoryUnreachable' });
    const small = await shop.openGit({ maxFileBytes: 512 });
    await assert.rejects(clone({}, shop.remote, small), { failure: 'RepositoryTooLarge' });
    for (const status of [500, 503, 429]) {
      shop.server.guard = () => ({ status });
      await assert.rejects(clone(), { failure: 'RepositoryUnreachable', message: new RegExp(`${status}`) });
    }
    shop.server.guard = () => undefined;
  });

  it('follows no other protocol than that of the URL', async () => {
    for (const url of ['ext::sh -c "touch pwned"', 'file:///etc', '/etc', 'ssh://-oProxyCommand=x/y']) {
      await assert.rejects(clone({}, { url, credential: null }), /transport '\w+' not allowed/);
    }
  });

  describe('with a credential', () => {
    const credential = { username: 'x-access-token', password: 'read-token-canary' };
    before(() => (shop.server.guard = askForTokens({ read: credential.password, write: 'write-token' })));
    after(() => (shop.server.guard = () => undefined));

    it('gets in with the right one, and tells a wrong one from none', async () => {
      assert.equal((await clone({}, { ...shop.remote, credential })).branch, 'main');
      const wrong = { ...credential, password: 'wrong-token-canary' };
      await assert.rejects(clone({}, { ...shop.remote, credential: wrong }), (error: Error & { failure: string }) => {
        assert.equal(error.failure, 'GitCredentialRefused');
        return !error.message.includes('canary');
      });
      await assert.rejects(clone(), { failure: 'RepositoryMissing' });
    });

    it('shows it to no other server, wherever it is sent', async () => {
      const seen: string[] = [];
      const other = createServer((request, response) => {
        seen.push(passwordOf(request));
        response.writeHead(401, { 'www-authenticate': 'Basic realm="other"' }).end();
      }).listen(0, '127.0.0.1');
      await once(other, 'listening');
      shop.server.guard = redirectTo(`http://127.0.0.1:${(other.address() as AddressInfo).port}`);
      await assert.rejects(clone({}, { ...shop.remote, credential }));
      other.close();
      assert.deepEqual(
        seen.filter((password) => password !== ''),
        [],
      );
    });
  });
});
