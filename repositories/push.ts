/** Puts a commit on a branch of the remote, if and only if the branch is where it was expected. */
import type { Git } from './git.ts';
import { RepositoryError } from './repository-error.ts';
import type { Remote } from './remote.ts';

export interface Push {
  branch: string;
  commit: string;
  /** Where the branch is now; `null` when there must be none yet. */
  expectedHead: string | null;
}

/**
 * Pushes. May be repeated: a branch that is at the commit already is as it should be, whoever put it there. Fails with
 * `BranchMoved` when it is neither there nor where it was expected, and never overwrites what somebody else pushed.
 */
export async function pushCommit(git: Git, remote: Remote, push: Push): Promise<void> {
  if (await isThere(git, remote, push)) return;
  try {
    await pushWithHistory(git, remote, push);
  } catch (error) {
    // It may have arrived all the same: from this try, whose answer was lost, or from another one at the same time.
    if (await isThere(git, remote, push)) return;
    throw error instanceof RepositoryError ? refused(error) : error;
  }
}

/** A server on which no branch leads to the parent any more, as that was the branch's own, wants to see where that came from. */
async function pushWithHistory(git: Git, remote: Remote, { branch, commit, expectedHead }: Push): Promise<void> {
  const ref = `refs/heads/${branch}`;
  const lease = `--force-with-lease=${ref}:${expectedHead ?? ''}`;
  const args = ['push', '--quiet', '--no-verify', lease, '--', remote.url, `${commit}:${ref}`];
  const pushOnce = () => git(args, { remote, isUncut: true });
  try {
    await pushOnce();
  } catch (error) {
    if (!(error instanceof RepositoryError) || !/shallow update not allowed/.test(error.message)) throw error;
    const parent = (await git(['rev-parse', '--verify', `${commit}^`])).toString().trim();
    await git(['fetch', '--quiet', '--no-tags', '--unshallow', '--', remote.url, parent], { remote });
    await pushOnce();
  }
}

/** Whether the branch is at the commit. Fails with `BranchMoved` when it is elsewhere than expected. */
async function isThere(git: Git, remote: Remote, { branch, commit, expectedHead }: Push): Promise<boolean> {
  const head = await headOf(git, remote, branch);
  if (head === commit) return true;
  if (head === expectedHead) return false;
  const now = head === null ? 'it is gone' : `it is at ${head.slice(0, 12)}`;
  throw new RepositoryError('BranchMoved', `Somebody else changed the branch ${branch} meanwhile: ${now}.`);
}

/** Where the branch is now; `null` when there is none. */
export async function headOf(git: Git, remote: Remote, branch: string): Promise<string | null> {
  const ref = `refs/heads/${branch}`;
  const listing = (await git(['ls-remote', '--', remote.url, ref], { remote })).toString();
  const line = listing.split('\n').find((one) => one.endsWith(`\t${ref}`));
  return line?.split('\t', 1)[0] ?? null;
}

/** A server that could be read, and then says no to the push, means it: a hook, a protected branch, a missing right. */
function refused(error: RepositoryError): RepositoryError {
  const meant = /rejected|declined|protected|denied|error: 40[134]|not found/i.test(error.message);
  return meant ? new RepositoryError('PublishFailed', `The server refuses the push: ${error.message}`) : error;
}
