/** The state of a checkout at one moment, which another container can go back to. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Places } from '../places.ts';
import type { FileBounds } from './file-bounds.ts';
import { git } from './git.ts';
import { uncommittedMessage } from './result-bundle.ts';
import { takeSnapshot } from './snapshot.ts';
import { baseRef } from './unpack.ts';

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
  await git(places.base, ['update-ref', fenceRef, commit]);
  await rm(file, { force: true });
  await git(places.base, ['bundle', 'create', '--quiet', file, fenceRef, `^${base}`]);
  return { head, commit };
}

const fenceRef = 'refs/pawl/fence';

/** Sets a fresh checkout back to the fence: the agent's commits are there, and what it had not committed is not. */
export async function resetToFence(places: Places, fence: Fence, file: string): Promise<void> {
  const { checkout, place } = checkoutOf(places);
  await git(checkout, ['fetch', '--quiet', '--no-tags', file, `+${fenceRef}:${fenceRef}`], place);
  await resetTo(places, fence);
}

/** Sets a fresh checkout to what the result of an earlier turn holds, as that turn left it. */
export async function resetToResult(places: Places, file: string): Promise<void> {
  const { checkout, place } = checkoutOf(places);
  await git(checkout, ['fetch', '--quiet', '--no-tags', file, `+refs/heads/*:${earlierRefs}/*`], place);
  const facts = await git(checkout, ['for-each-ref', '--count=1', `--format=${tipFormat}`, earlierRefs], place);
  const [commit = '', parent = '', message] = facts.trimEnd().split('\n');
  await resetTo(places, { commit, head: message === uncommittedMessage ? parent : commit });
}

const earlierRefs = 'refs/pawl/earlier';
const tipFormat = '%(objectname)%0a%(parent)%0a%(subject)';

async function resetTo(places: Places, { head, commit }: Fence): Promise<void> {
  const { checkout, place } = checkoutOf(places);
  const base = (await git(places.base, ['rev-parse', baseRef])).trim();
  if (!(await isAncestor(checkout, base, head))) throw new Error(`it does not build on ${base}`);
  await git(checkout, ['reset', '--quiet', '--hard', commit], place);
  await git(checkout, ['reset', '--quiet', '--mixed', head], place);
}

function checkoutOf({ repo }: Places): { checkout: string; place: { workTree: string } } {
  return { checkout: path.join(repo, '.git'), place: { workTree: repo } };
}

async function isAncestor(checkout: string, one: string, other: string): Promise<boolean> {
  return git(checkout, ['merge-base', '--is-ancestor', one, other]).then(
    () => true,
    () => false,
  );
}
