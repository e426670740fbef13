/** Changing the index of the host's repository. */
import type { LeftOut } from '../events.ts';
import { git } from './git.ts';
import { shownPath } from './paths.ts';

/** Takes paths out of the index. */
export async function removePaths(gitDir: string, workTree: string, paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  await git(gitDir, ['update-index', '--force-remove', '-z', '--stdin'], { workTree, input: lines(paths) });
}

/**
 * Puts files of the work tree into the index as they are now. git refuses all of them for one that it does not take, so
 * that one is searched for by halves; it is returned with git's words.
 */
export async function addPaths(gitDir: string, workTree: string, paths: string[]): Promise<LeftOut[]> {
  if (paths.length === 0) return [];
  const update = ['update-index', '--add', '--remove', '--replace', '-z', '--stdin'];
  try {
    await git(gitDir, update, { workTree, input: lines(paths) });
    return [];
  } catch (error) {
    if (paths.length === 1) return [{ path: shownPath(paths[0] ?? ''), reason: (error as Error).message }];
    const middle = Math.ceil(paths.length / 2);
    const first = await addPaths(gitDir, workTree, paths.slice(0, middle));
    return [...first, ...(await addPaths(gitDir, workTree, paths.slice(middle)))];
  }
}

function lines(paths: string[]): string {
  return paths.map((path) => `${path}\0`).join('');
}
