/** What differs between two trees, entry by entry. */
import type { Git } from './git.ts';
import { checkTreeSize, tooManyFiles } from './tree-size.ts';

export interface Change {
  path: string;
  before: Entry | null;
  after: Entry | null;
}

export interface Entry {
  /** As in a tree: `100644`, `100755`, `120000` (symbolic link), `160000` (submodule). */
  mode: string;
  oid: string;
}

/** All changes, renames as what they are made of. Fails with `PublishRefused` when there are more than `maxFiles`. */
export async function readChanges(git: Git, from: string, to: string, maxFiles: number): Promise<Change[]> {
  await checkTreeSize(git, to);
  const args = ['diff-tree', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--no-commit-id', from, to];
  const listing = await git(args, { maxOutputBytes: 256 * 1024 * 1024 });
  const fields = listing.toString().split('\0');
  const changes: Change[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    changes.push(changeOf(fields[at] ?? '', fields[at + 1] ?? ''));
    if (changes.length > maxFiles) throw tooManyFiles(`More than ${maxFiles} files changed.`);
  }
  return changes;
}

function changeOf(head: string, path: string): Change {
  const [modeBefore = '', modeAfter = '', oidBefore = '', oidAfter = ''] = head.replace(/^:/, '').split(' ');
  return { path, before: entry(modeBefore, oidBefore), after: entry(modeAfter, oidAfter) };
}

function entry(mode: string, oid: string): Entry | null {
  return mode === '000000' ? null : { mode, oid };
}
