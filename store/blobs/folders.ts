/** Folders that others read, fill and empty at the same moment. */
import type { Dirent, Stats } from 'node:fs';
import { lstat, open, readdir, rmdir } from 'node:fs/promises';
import path from 'node:path';

/** Every file below the folder that is still there when its turn comes; none if there is no such folder. */
export async function* filesBelow(folder: string): AsyncGenerator<{ file: string; stats: Stats }> {
  for (const entry of await entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    const stats = entry.isFile() ? await lstat(file).catch(undefinedIfMissing) : undefined;
    if (stats) yield { file, stats };
  }
}

/** Removes the folder and those above it, up to `root`, as long as they are empty. */
export async function removeEmptyFolders(folder: string, root: string): Promise<void> {
  for (const each of upTo(folder, root)) {
    const isGone = await rmdir(each).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

/** Returns once the disk has the entries of the folder and of those above it, up to and with `root`, that are still there. */
export async function syncFolders(folder: string, root: string): Promise<void> {
  for (const each of [...upTo(folder, root), root]) {
    await using handle = await open(each, 'r').catch(undefinedIfMissing);
    await handle?.sync();
  }
}

/** For a promise that may reject because what it is about went away. */
export function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}

/** Whether this says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  return (await readdir(folder, { withFileTypes: true }).catch(undefinedIfMissing)) ?? [];
}

function upTo(folder: string, root: string): string[] {
  return folder === root ? [] : [folder, ...upTo(path.dirname(folder), root)];
}
