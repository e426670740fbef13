/** Where work is to be pushed when its branch is not where it was when the work began. */
import { commitWork, type CommitRules, type WorkCommit } from './commit-work.ts';
import type { Git } from './git.ts';
import { fetchCommits } from './import-bundle.ts';
import { mergeWork } from './merge-work.ts';
import { headOf, type Push } from './push.ts';
import type { Remote } from './remote.ts';
import { RepositoryError } from './repository-error.ts';

export interface Work extends WorkCommit {
  /** What the commit comes on top of. */
  parent: string;
}

export interface PlaceRules extends CommitRules {
  branch: string;
  expectedHead: string | null;
}

/**
 * The work comes on top of what others pushed meanwhile. What does not go together with that goes to a branch beside it, which they
 * can merge; a branch that is gone is made anew. Nothing of anybody's is ever taken away.
 */
export async function placeWork(git: Git, remote: Remote, work: Work, rules: PlaceRules): Promise<WorkCommit & Push> {
  const { branch, expectedHead } = rules;
  const head = await headOf(git, remote, branch);
  if (head === null || head === expectedHead || head === work.commit) return { ...work, branch, expectedHead: head };

  await fetchCommits(git, remote, [head]);
  const tree = await mergeWork(git, { ...rules, ...work, head });
  if (tree === null)
    return { ...work, branch: await branchBeside(git, remote, branch, work.commit), expectedHead: null };
  // All of it is there: an earlier push arrived, and nobody was told.
  if (tree === (await treeOf(git, head))) return { ...work, commit: head, branch, expectedHead: head };
  const message = () => Promise.resolve(work.message);
  return { ...(await commitWork(git, rules, { tree, parent: head, message })), branch, expectedHead: head };
}

/** The name of the tree of a commit. */
export async function treeOf(git: Git, commit: string): Promise<string> {
  return (await git(['rev-parse', '--verify', `${commit}^{tree}`])).toString().trim();
}

/** Each conflict of a session takes one; nobody goes on for so long without a look at them. */
const maxBeside = 20;

/** A name that nobody has taken, or that an earlier try took for this commit. */
async function branchBeside(git: Git, remote: Remote, branch: string, commit: string): Promise<string> {
  for (let n = 2; n <= maxBeside; n += 1) {
    const name = `${branch}-${n}`;
    const head = await headOf(git, remote, name);
    if (head === null || head === commit) return name;
  }
  throw new RepositoryError(
    'PublishFailed',
    `Others changed the same lines of ${branch}, and the names beside it are taken.`,
  );
}
