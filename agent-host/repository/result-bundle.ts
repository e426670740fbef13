/** The work of an agent as one file that git can read. */
import type { LeftOut } from '../events.ts';
import type { Places } from '../places.ts';
import type { FileBounds } from './file-bounds.ts';
import { git } from './git.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Writes a bundle of `branch`: the agent's commits since the base, and on top one with what it did not commit. A history
 * that is too big is left out, and everything is one commit. Returns what was left out, and whether there is a bundle: there
 * is none when nothing changed. A bundle that is complete can be read by whoever does not have the base.
 */
export async function bundleResult(
  places: Places,
  { branch, file, bounds, isComplete }: { branch: string; file: string; bounds: FileBounds; isComplete: boolean },
): Promise<{ isWritten: boolean; leftOut: LeftOut[] }> {
  const snapshot = await takeSnapshot(places, bounds);
  const { tip, leftOut } = await tipOf(places.base, snapshot, bounds);
  if (tip === snapshot.base) return { isWritten: false, leftOut };
  await git(places.base, ['update-ref', `refs/heads/${branch}`, tip]);
  const known = isComplete ? [] : [`^${snapshot.base}`];
  await git(places.base, ['bundle', 'create', '--quiet', file, `refs/heads/${branch}`, ...known]);
  return { isWritten: true, leftOut };
}

async function tipOf(
  gitDir: string,
  snapshot: Snapshot,
  bounds: FileBounds,
): Promise<{ tip: string; leftOut: LeftOut[] }> {
  const { base, head, leftOut, isHistoryTooBig } = snapshot;
  const tip = await commitOn(gitDir, head, snapshot.tree);
  if (head === base) return { tip, leftOut };
  const bytes = Number(await git(gitDir, ['rev-list', '--objects', '--disk-usage', `${base}..${tip}`]));
  if (bytes <= bounds.totalBytes && !isHistoryTooBig) return { tip, leftOut };
  const reason = 'the history is too big, or holds what is left out: everything is one commit';
  return { tip: await commitOn(gitDir, base, snapshot.tree), leftOut: [...leftOut, { path: '.git', reason }] };
}

/** Of the commit for what the agent did not commit. */
export const uncommittedMessage = 'Work that was not committed';

/** The parent itself when it has this tree already. */
async function commitOn(gitDir: string, parent: string, tree: string): Promise<string> {
  const parentTree = (await git(gitDir, ['rev-parse', `${parent}^{tree}`])).trim();
  if (parentTree === tree) return parent;
  return (await git(gitDir, ['commit-tree', '-p', parent, '-m', uncommittedMessage, tree])).trim();
}
