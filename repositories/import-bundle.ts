/** Takes what an agent left into a repository of the control plane's own, every object checked. */
import { createReadStream } from 'node:fs';
import { readBundleHeader, type BundleHeader } from './bundle-header.ts';
import { GitError, type Git } from './git.ts';
import { RepositoryError } from './repository-error.ts';
import type { Remote } from './remote.ts';

export interface ImportRequest {
  /** A file that holds the bundle. */
  bundle: string;
  maxBundleBytes: number;
  /** Commits that the remote has, and the work builds on; the first one is where the agent began. */
  bases: readonly [string, ...string[]];
}

/** The commit at the tip of what the agent left; its tree is complete and well-formed. */
export async function importBundle(git: Git, remote: Remote, request: ImportRequest): Promise<string> {
  const header = await readBundleHeader(request.bundle);
  await fetchCommits(git, remote, request.bases);
  await unpackWithHistory(git, remote, request, header);
  return header.tip;
}

/** From the remote itself, which is the only one to believe about them; without their history, if it lets us choose. */
export async function fetchCommits(git: Git, remote: Remote, commits: readonly string[]): Promise<void> {
  const options = ['--quiet', '--no-tags', '--no-recurse-submodules'];
  try {
    await git(['fetch', ...options, '--depth=1', '--', remote.url, ...new Set(commits)], { remote });
  } catch (error) {
    if (!(error instanceof RepositoryError) || !/unadvertised object/.test(error.message)) throw error;
    // An old server, which gives out nothing but whole branches.
    await git(['fetch', ...options, '--', remote.url, '+refs/heads/*:refs/remotes/origin/*'], { remote });
    for (const commit of commits) await checkIsThere(git, commit);
  }
}

async function checkIsThere(git: Git, commit: string): Promise<void> {
  try {
    await git(['cat-file', '-e', `${commit}^{commit}`]);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    throw new RepositoryError('BranchMissing', `The commit ${commit} is on no branch of the repository any more.`);
  }
}

/** The agent may have taken up something older than its base. Then the whole history is needed to make sense of it. */
async function unpackWithHistory(git: Git, remote: Remote, request: ImportRequest, header: BundleHeader) {
  try {
    await unpack(git, request, header);
  } catch (error) {
    if (!isMissingSomething(error) || !(await isShallow(git))) throw error;
    await git(['fetch', '--quiet', '--no-tags', '--unshallow', '--', remote.url, request.bases[0]], { remote });
    await unpack(git, request, header);
  }
}

/** `--strict` checks each object as fsck does, and that nothing which it refers to is missing. */
async function unpack(git: Git, { bundle, maxBundleBytes }: ImportRequest, header: BundleHeader): Promise<void> {
  await git(['index-pack', '--stdin', '--fix-thin', '--strict', `--max-input-size=${maxBundleBytes}`], {
    input: createReadStream(bundle, { start: header.packOffset }),
  });
  await git(['rev-parse', '--verify', '--quiet', `${header.tip}^{commit}`]);
}

function isMissingSomething(error: unknown): boolean {
  return error instanceof GitError && /unresolved delta|did not receive expected object/.test(error.message);
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git(['rev-parse', '--is-shallow-repository'])).toString().trim() === 'true';
}
