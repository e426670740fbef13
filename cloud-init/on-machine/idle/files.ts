/** Signal `files`: when the workspace last changed. */
import { run } from '../run.ts';

/**
 * Change time (epoch seconds) of the newest entry under `folder`, or `since` when nothing is newer. The *change* time,
 * because copying and unpacking keep old modification times. What builds and git write by themselves does not count:
 * `git status` alone rewrites the index.
 */
export async function newestChange(folder: string, since: number): Promise<number> {
  const unwatched = ['-name', 'node_modules', '-o', '-name', '.git', '-o', '-name', '.cache'];
  const newer = ['-newerct', `@${since}`, '-printf', '%C@\\n'];
  try {
    return newestOf(await run('find', [folder, '(', ...unwatched, ')', '-prune', '-o', ...newer]), since);
  } catch {
    return since;
  }
}

function newestOf(times: string, since: number): number {
  return times
    .split('\n')
    .filter(Boolean)
    .reduce((newest, time) => Math.max(newest, Number(time)), since);
}
