/** A clone for an agent to work in: the one branch it was asked for, fetched by the control plane. */
import type { Git } from './git.ts';
import { RepositoryError } from './repository-error.ts';
import type { Remote } from './remote.ts';

export interface CloneRequest {
  /** The branch to start from; without one, or where there is no such branch, the fallback, and else the default branch. */
  branch: string | null;
  fallback?: string | null;
  /** So many commits of its history; all of them when `null`. */
  depth: number | null;
}

export interface Clone {
  branchAsked: string | null;
  /** The branch that was taken. */
  branch: string;
  /** The branch that was asked for is not there, so another one was taken. */
  fellBack: boolean;
  baseCommit: string;
}

/**
 * Fetches into the (bare) repository and makes the branch its HEAD. It is for this one piece of work and no mirror that later
 * ones could use: what one credential may see, another may not, and a right that was withdrawn must not live on in a cache.
 *
 * Submodules are not fetched, and large files stay the pointers that they are. Fails with a `RepositoryError`.
 */
export async function cloneRepository(
  git: Git,
  remote: Remote,
  { branch: asked, fallback = null, depth }: CloneRequest,
): Promise<Clone> {
  const names = [asked, fallback].filter((name) => name !== null);
  const { branches, head } = await readBranches(git, remote, names);
  const fellBack = asked !== null && !branches.has(asked);
  const branch = names.find((name) => branches.has(name)) ?? head;
  const commit = branch === undefined ? undefined : branches.get(branch);
  if (branch === undefined || commit === undefined) {
    throw new RepositoryError('BranchMissing', noBranch(asked));
  }
  await fetchBranch(git, remote, { branch, depth });
  const baseCommit = (await git(['rev-parse', '--verify', `refs/heads/${branch}^{commit}`])).toString().trim();
  await describeToAgents(git, remote, branch);
  return { branchAsked: asked, branch, fellBack, baseCommit };
}

function noBranch(asked: string | null): string {
  if (asked === null) return 'The repository has no default branch to start from; it may be empty.';
  return `The repository has neither the branch "${asked}" nor a default branch; it may be empty.`;
}

/** The branches of these names and the default branch, with their commits, and the default branch's name. */
async function readBranches(git: Git, remote: Remote, names: readonly string[]) {
  const wanted = ['HEAD', ...names.map((name) => `refs/heads/${name}`)];
  const listing = (await git(['ls-remote', '--symref', '--', remote.url, ...wanted], { remote })).toString();
  const branches = new Map<string, string>();
  let head: string | undefined;
  for (const line of listing.split('\n')) {
    const [left = '', ref = ''] = line.split('\t');
    if (ref === 'HEAD' && left.startsWith('ref: refs/heads/')) head = left.slice('ref: refs/heads/'.length);
    else if (ref === 'HEAD' && head !== undefined) branches.set(head, left);
    else if (ref.startsWith('refs/heads/')) branches.set(ref.slice('refs/heads/'.length), left);
  }
  return { branches, head };
}

async function fetchBranch(git: Git, remote: Remote, { branch, depth }: { branch: string; depth: number | null }) {
  const history = depth === null ? [] : [`--depth=${depth}`];
  const refspec = `+refs/heads/${branch}:refs/heads/${branch}`;
  const options = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', ...history];
  await git(['fetch', ...options, '--', remote.url, refspec], { remote });
}

/** What people expect of a clone; agents read it, though they cannot reach the remote. */
async function describeToAgents(git: Git, { url }: Remote, branch: string): Promise<void> {
  await git(['update-ref', `refs/remotes/origin/${branch}`, `refs/heads/${branch}`]);
  await git(['symbolic-ref', 'HEAD', `refs/heads/${branch}`]);
  await git(['config', 'remote.origin.url', url]);
  await git(['config', 'remote.origin.fetch', `+refs/heads/${branch}:refs/remotes/origin/${branch}`]);
}
