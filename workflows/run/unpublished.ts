import { runBlobs, type UnpublishedWork } from '../contract/run.ts';
import type { Checkout, Run } from './run.ts';

/** How the file of a run is called that holds the repository. */
export const repositoryFile = 'repo.tar';

/** The checkout of this repository in which turns before left what nobody published; `null` if there is none. */
export function unpublishedCheckout({ input, turn }: Run): (Checkout & { unpublished: UnpublishedWork }) | null {
  const { unpublished = null, baseBranch = null } = turn?.resume ?? {};
  if (unpublished === null || unpublished.repoUrl !== input.repository?.url) return null;
  const { branch, baseCommit, expectedHead } = unpublished;
  const archive = runBlobs(input.runId).file(repositoryFile);
  return { archive, branch, baseBranch, baseCommit, expectedHead, unpublished };
}
