/** A checkout as an agent gets it, and what comes out of it. */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { placesBelow } from '../../../agent-host/places.ts';
import type { Places } from '../../../agent-host/places.ts';
import { bundleResult } from '../../../agent-host/repository/result-bundle.ts';
import { makeCheckout } from '../../../agent-host/repository/unpack.ts';
import { bareRepositoryTar } from './repository.ts';
import type { TestRepository } from './repository.ts';

const run = promisify(execFile);

/** Small, so that tests need no big files. */
export const bounds = { fileBytes: 1024 ** 2, totalBytes: 4 * 1024 ** 2, files: 1000 };

/** Runs git in a checkout and returns what it prints. */
export type Git = (...args: string[]) => Promise<string>;

/** Stands for a submodule among the files of a repository. */
export const submodule = Symbol('submodule');

/** Makes a repository of these files below `root`, and a checkout of it. */
export async function checkoutOf(root: string, files: Record<string, string | typeof submodule>) {
  await mkdir(root, { recursive: true });
  const plain = Object.entries(files).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const modules = Object.keys(files).filter((name) => files[name] === submodule);
  const repository = await bareRepositoryTar(root, { ...Object.fromEntries(plain), '.keep': '' }, modules);
  const places = placesBelow(path.join(root, 'work'));
  await mkdir(places.spool, { recursive: true });
  await makeCheckout(places, repository.job, repository.archive);
  const git: Git = async (...args) => (await run('git', ['-C', places.repo, ...args])).stdout;
  return { places, repository, git };
}

/** Bundles the result of a checkout into a new file below `folder`. */
export async function bundled(places: Places, folder: string) {
  const file = path.join(folder, `${randomUUID()}.bundle`);
  const { isWritten, leftOut } = await bundleResult(places, {
    branch: 'claude/work-1',
    file,
    bounds,
    isComplete: false,
  });
  return { file, isWritten, leftOut };
}

/** The files in a bundle and the subjects of its commits, as whoever has the repository sees them. */
export async function readBundle({ bare, job }: TestRepository, file: string) {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', bare, ...args], { encoding: 'latin1', maxBuffer: 64 * 1024 ** 2 })).stdout;
  await git('fetch', '--quiet', file, job.branch);
  const tree: Record<string, string> = {};
  for (const line of (await git('ls-tree', '-r', '-z', 'FETCH_HEAD')).split('\0').filter(Boolean)) {
    const [facts = '', name = ''] = line.split('\t');
    const [, type = '', object = ''] = facts.split(' ');
    if (name !== '.keep') tree[utf8(name)] = type === 'blob' ? utf8(await git('cat-file', 'blob', object)) : type;
  }
  const log = (await git('log', '--format=%s', `${job.baseCommit}..FETCH_HEAD`)).trim().split('\n');
  return { tree, log };
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
