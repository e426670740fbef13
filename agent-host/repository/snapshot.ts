/** What a checkout looks like now, as a tree in the host's own repository. Whatever the agent did to it, there is a tree. */
import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut } from '../events.ts';
import type { Places } from '../places.ts';
import { addPaths, removePaths } from './index-updates.ts';
import { git, nulSeparated } from './git.ts';
import { leaveOutCommitted } from './committed-files.ts';
import { affordableFiles } from './file-bounds.ts';
import type { FileBounds } from './file-bounds.ts';
import { baseRef } from './unpack.ts';

export interface Snapshot {
  tree: string;
  /** The agent's last commit, or the base when it made none that can be used. */
  head: string;
  base: string;
  leftOut: LeftOut[];
  /** Whether files were left out that the agent's commits hold. */
  isHistoryTooBig: boolean;
}

/**
 * Takes the tree of the checkout: what the agent committed, and what it did not. The index is the host's own, filters,
 * hooks and settings of the checkout have no say, and what cannot be kept is left out and named.
 */
export async function takeSnapshot(places: Places, bounds: FileBounds): Promise<Snapshot> {
  const { base: gitDir, repo: workTree } = places;
  const base = (await git(gitDir, ['rev-parse', baseRef])).trim();
  const head = await usableHead(places, base);
  const place = { workTree };
  await git(gitDir, ['read-tree', '-m', '-i', head], place);
  await git(gitDir, ['update-index', '-q', '--ignore-submodules', '--refresh'], place);

  const deleted = nulSeparated(await git(gitDir, ['diff-files', ...namesOnly, '--diff-filter=D'], place));
  const changed = nulSeparated(await git(gitDir, ['diff-files', ...namesOnly, '--diff-filter=d'], place));
  const added = nulSeparated(await git(gitDir, ['ls-files', '-z', '--others', '--exclude-standard'], place));
  const { affordable, leftOut } = await affordableFiles(workTree, [...changed, ...added], bounds);

  await removePaths(gitDir, workTree, deleted);
  leftOut.push(...(await addPaths(gitDir, workTree, affordable)));
  const committed = await leaveOutCommitted(gitDir, base, bounds);
  leftOut.push(...committed);
  const tree = (await git(gitDir, ['write-tree'])).trim();
  return { tree, head, base, leftOut, isHistoryTooBig: committed.length > 0 };
}

const namesOnly = ['--name-only', '-z', '--ignore-submodules=all'];

/** The commit that the checkout is at, if it can be read from here and builds on the base. */
async function usableHead({ base: gitDir, repo }: Places, base: string): Promise<string> {
  try {
    await borrowObjects(gitDir, repo);
    const head = (
      await git(path.join(repo, '.git'), ['rev-parse', '--verify', 'HEAD^{commit}'], { workTree: repo })
    ).trim();
    await git(gitDir, ['merge-base', '--is-ancestor', base, head]);
    // Fails when any object is missing.
    await git(gitDir, ['rev-list', '--quiet', '--objects', `${base}..${head}`, '--']);
    return head;
  } catch {
    return base;
  }
}

/** Lets the host's repository read the objects of the checkout's. */
async function borrowObjects(gitDir: string, repo: string): Promise<void> {
  const file = path.join(gitDir, 'objects/info/alternates');
  const objects = path.join(repo, '.git/objects');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (!known.includes(objects)) await appendFile(file, `${objects}\n`);
}
