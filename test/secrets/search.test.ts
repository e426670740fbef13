/** The search for canaries finds them, however they are folded up; else that it finds none would show nothing. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { deflateSync, gzipSync } from 'node:zlib';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { whereIs } from './search.ts';
import { unfoldFolder } from './unfold.ts';

const run = promisify(execFile);

const text = 'a+hidden/text=01';
const noise = randomBytes(3000).toString('hex');
const around = `${noise}${text}${noise}`;

/** Each way of folding it up, as a file of this name. */
const files: Record<string, (file: string, repository: string) => Promise<unknown>> = {
  plain: (file) => writeFile(file, around),
  'in base64': (file) => writeFile(file, Buffer.from(`x${around}`).toString('base64')),
  'percent-encoded': (file) => writeFile(file, encodeURIComponent(around)),
  'in hexadecimal': (file) => writeFile(file, Buffer.from(around).toString('hex')),
  'gzip of gzip': (file) => writeFile(file, gzipSync(gzipSync(around))),
  deflated: (file) => writeFile(file, deflateSync(around)),
  'gzip in tar': async (file) => {
    await mkdir(`${file}.made`);
    await writeFile(path.join(`${file}.made`, 'inner'), gzipSync(around));
    await run('tar', ['--create', '--file', file, '--directory', `${file}.made`, 'inner']);
  },
  'in the pages of a database': async (file) => {
    const database = new DatabaseSync(file);
    database.exec('CREATE TABLE words (word TEXT); PRAGMA journal_mode = WAL');
    database.prepare('INSERT INTO words VALUES (?)').run(around);
    database.close();
  },
  'in a bundle that builds on a repository': (file, repository) =>
    run('git', ['-C', repository, 'bundle', 'create', '--quiet', file, 'main', '^main~1']),
};

describe('the search for a secret', () => {
  const cleanup = new AsyncDisposableStack();
  let root: string;
  let repository: string;

  before(async () => {
    root = cleanup.use(await temporaryFolder()).path;
    repository = path.join(root, 'repository');
    const git = (...args: string[]) =>
      run('git', ['-C', repository, '-c', 'user.name=T', '-c', 'user.email=t@example.com', ...args]);
    await run('git', ['init', '--quiet', '--initial-branch=main', repository]);
    await writeFile(path.join(repository, 'file'), noise);
    await git('add', '--all');
    await git('commit', '--quiet', '--message=first');
    await writeFile(path.join(repository, 'file'), around);
    await git('commit', '--quiet', '--all', '--message=second');
  });
  after(() => cleanup.disposeAsync());

  for (const [how, make] of Object.entries(files)) {
    it(`finds it ${how}`, async () => {
      await using folder = await temporaryFolder();
      await using bench = await temporaryFolder();
      await make(path.join(folder.path, 'file'), repository);
      const unfolded = await unfoldFolder(folder.path, {
        folder: bench.path,
        repository: path.join(repository, '.git'),
      });
      const found = whereIs(text, unfolded).filter((name) => name.startsWith('file'));
      assert.notDeepEqual(found, [], [...unfolded.keys()].join());
      assert.deepEqual(whereIs('another text', unfolded), []);
    });
  }
});
