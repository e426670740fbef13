/** What leaves a checkout, whatever an agent has made of it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { bundled, checkoutOf, readBundle, submodule } from '../support/agents/checkout.ts';
import type { Git } from '../support/agents/checkout.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** What an agent may do to the repository of its checkout. */
const spoilers: Record<string, (repo: string) => Promise<unknown>> = {
  'was removed': (repo) => rm(path.join(repo, '.git'), { recursive: true }),
  'is full of rubbish': (repo) => writeFile(path.join(repo, '.git/HEAD'), 'rubbish'),
  'lacks objects': (repo) => rm(path.join(repo, '.git/objects'), { recursive: true }),
  'is locked': (repo) => writeFile(path.join(repo, '.git/index.lock'), ''),
  'has no branch': (repo) => run('git', ['-C', repo, 'checkout', '--quiet', '--orphan', 'x']),
};

describe('the result of a checkout', () => {
  it('has what was changed, made, moved and removed, committed or not', async () => {
    const { tree, log } = await resultOf({ 'a.txt': 'a\n', 'b.txt': 'b\n', 'c/d.txt': 'd\n' }, async (repo, git) => {
      await writeFile(path.join(repo, 'a.txt'), 'changed\n');
      await git('commit', '--quiet', '--all', '--message=the agent did this');
      await rm(path.join(repo, 'b.txt'));
      await rename(path.join(repo, 'c'), path.join(repo, 'e'));
      await writeFile(path.join(repo, 'new.txt'), 'new\n');
    });
    assert.deepEqual(tree, { 'a.txt': 'changed\n', 'e/d.txt': 'd\n', 'new.txt': 'new\n' });
    assert.deepEqual(log, ['Work that was not committed', 'the agent did this']);
  });

  it('is none when nothing changed', async () => {
    const { isWritten } = await resultOf({ 'a.txt': 'a\n' }, async () => undefined);
    assert.equal(isWritten, false);
  });

  it('keeps what is ignored out, unless the agent committed it', async () => {
    const { tree } = await resultOf({ '.gitignore': '*.log\n' }, async (repo, git) => {
      await writeFile(path.join(repo, 'kept.log'), 'kept\n');
      await git('add', '--force', 'kept.log');
      await git('commit', '--quiet', '--message=a log');
      await writeFile(path.join(repo, 'left.log'), 'left\n');
    });
    assert.deepEqual(Object.keys(tree), ['.gitignore', 'kept.log']);
  });

  it('has links as links, also where a folder was, and names with line ends', async () => {
    const { tree, leftOut } = await resultOf({ 'docs/a.txt': 'a\n', 'docs/b.txt': 'b\n' }, async (repo) => {
      await rm(path.join(repo, 'docs'), { recursive: true });
      await symlink('/etc', path.join(repo, 'docs'));
      await symlink('../../outside', path.join(repo, 'out'));
      await writeFile(path.join(repo, 'two\nlines "and" quotes'), 'x\n');
      await writeFile(Buffer.from(`${repo}/\xff\xfe`, 'latin1'), 'not utf-8\n');
    });
    assert.deepEqual(tree, {
      docs: '/etc',
      out: '../../outside',
      'two\nlines "and" quotes': 'x\n',
      [Buffer.from('\xff\xfe', 'latin1').toString('utf8')]: 'not utf-8\n',
    });
    assert.deepEqual(leftOut, []);
  });

  it('goes without what is too big, no file, or not readable, and says so', async () => {
    const { tree, leftOut } = await resultOf({ 'a.txt': 'a\n' }, async (repo) => {
      await writeFile(path.join(repo, 'big.bin'), '');
      await truncate(path.join(repo, 'big.bin'), 1024 ** 3);
      await run('mkfifo', [path.join(repo, 'pipe')]);
      await run('git', ['init', '--quiet', path.join(repo, 'inner')]);
      await rm(path.join(repo, 'a.txt'));
      await run('mkfifo', [path.join(repo, 'a.txt')]);
      await writeFile(path.join(repo, 'b.txt'), 'b\n');
    });
    assert.deepEqual(tree, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
    assert.deepEqual(
      leftOut.toSorted((one, other) => one.path.localeCompare(other.path)),
      [
        { path: 'a.txt', reason: 'not a file' },
        { path: 'big.bin', reason: '1024 MB, and 1 MB is the most for a file' },
        { path: 'inner/', reason: 'a repository of its own' },
      ],
    );
  });

  it('goes without what was committed and is too big, history included', async () => {
    const { tree, log, leftOut } = await resultOf({ 'a.txt': 'a\n' }, async (repo, git) => {
      await writeFile(path.join(repo, 'big.bin'), Buffer.alloc(2 * 1024 ** 2, 'x'));
      await writeFile(path.join(repo, 'a.txt'), 'changed\n');
      await git('add', '--all');
      await git('commit', '--quiet', '--message=big');
    });
    assert.deepEqual(tree, { 'a.txt': 'changed\n' });
    assert.deepEqual(log, ['Work that was not committed']);
    assert.deepEqual(
      leftOut.map(({ path }) => path),
      ['big.bin', '.git'],
    );
  });

  it('goes without the biggest files when all together are too big', async () => {
    const { tree, leftOut } = await resultOf({}, async (repo) => {
      for (const name of ['1', '2', '3', '4', '5']) {
        await writeFile(path.join(repo, name), Buffer.alloc(1024 ** 2 - 10 + Number(name), name));
      }
    });
    assert.deepEqual(Object.keys(tree), ['1', '2', '3', '4']);
    assert.deepEqual(
      leftOut.map(({ path }) => path),
      ['5'],
    );
  });

  it('is not moved by hooks, filters, attributes, settings or a file monitor of the checkout', async () => {
    await using marks = await temporaryFolder();
    const mark = (name: string) => `touch ${path.join(marks.path, name)}`;
    const { tree } = await resultOf({ 'a.txt': 'a\n' }, async (repo, git) => {
      for (const hook of ['pre-commit', 'post-index-change', 'reference-transaction', 'post-commit']) {
        await writeFile(path.join(repo, '.git/hooks', hook), `#!/bin/sh\n${mark(hook)}\n`, { mode: 0o755 });
      }
      await git('config', 'core.fsmonitor', `${mark('fsmonitor')}; false`);
      await git('config', 'filter.trap.clean', `${mark('filter')}; echo replaced`);
      await git('config', 'core.worktree', '/');
      await writeFile(path.join(repo, '.gitattributes'), '*.txt filter=trap\n*.odd working-tree-encoding=NO-SUCH\n');
      await writeFile(path.join(repo, 'a.txt'), 'changed\n');
    });
    assert.equal(tree['a.txt'], 'changed\n');
    assert.equal((await run('ls', [marks.path])).stdout, '');
  });

  it('has large-file pointers as they are, and leaves submodules where they were', async () => {
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n';
    const { tree, leftOut } = await resultOf(
      { '.gitattributes': '*.psd filter=lfs diff=lfs merge=lfs -text\n', 'picture.psd': pointer, sub: submodule },
      async (repo) => {
        await writeFile(path.join(repo, 'sub/inside.txt'), 'inside\n');
        await writeFile(path.join(repo, 'new.txt'), 'new\n');
      },
    );
    assert.equal(tree['picture.psd'], pointer);
    assert.equal(tree['sub'], 'commit');
    assert.equal(tree['new.txt'], 'new\n');
    assert.ok(leftOut.every(({ path }) => path.startsWith('sub')));
  });

  for (const [name, spoil] of Object.entries(spoilers)) {
    it(`is there also when the checkout's own repository ${name}`, async () => {
      const { tree } = await resultOf({ 'a.txt': 'a\n' }, async (repo, git) => {
        await writeFile(path.join(repo, 'b.txt'), 'b\n');
        await git('add', '--all');
        await git('commit', '--quiet', '--message=b');
        await spoil(repo);
      });
      assert.deepEqual(tree, { 'a.txt': 'a\n', 'b.txt': 'b\n' });
    });
  }
});

/** What is bundled after `work` was done in a checkout of these files. */
async function resultOf(
  files: Record<string, string | typeof submodule>,
  work: (repo: string, git: Git) => Promise<void>,
) {
  await using folder = await temporaryFolder();
  const { places, repository, git } = await checkoutOf(folder.path, files);
  await work(places.repo, git);
  const result = await bundled(places, folder.path);
  if (!result.isWritten) return { ...result, tree: {}, log: [] };
  return { ...result, ...(await readBundle(repository, result.file)) };
}
