/** The state of a checkout at one moment, which another container can go back to. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Places } from '../places.ts';
import type { FileBounds } from './file-bounds.ts';
import { git } from './git.ts';
import { takeSnapshot } from './snapshot.ts';

export interface Fence {
  /** The agent's last commit. */
  head: string;
  /** A commit on top of it whose tree is the checkout's, committed or not. */
  commit: string;
}

/** Makes the fence, and writes to `file` what another container lacks of it. */
export async function makeFence(places: Places, file: string, bounds: FileBounds): Promise<Fence> {
  const { tree, head, base } = await takeSnapshot(places, bounds);
  const commit = (await git(places.base, ['commit-tree', '-p', head, '-m', 'fence', tree])).trim();
  const ref = 'refs/pawl/fence';
  await git(places.base, ['update-ref', ref, commit]);
  await rm(file, { force: true });
  await git(places.base, ['bundle', 'create', '--quiet', file, ref, `^${base}`]);
  return { head, commit };
}

/** Sets a fresh checkout back to the fence: the agent's commits are there, and what it had not committed is not. */
export async function resetToFence(places: Places, fence: Fence, file: string): Promise<void> {
  const checkout = path.join(places.repo, '.git');
  const place = { workTree: places.repo };
  await git(checkout, ['fetch', '--quiet', '--no-tags', file, '+refs/pawl/fence:refs/pawl/fence'], place);
  await git(checkout, ['reset', '--quiet', '--hard', fence.commit], place);
  await git(checkout, ['reset', '--quiet', '--mixed', fence.head], place);
}
