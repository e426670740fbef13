import { GitError, OutputTooLong, type Git } from './git.ts';
import { makeCommit, type Identity } from './commit.ts';

/**
 * The tree of `head` with what `commit` changes of its parent; `null` when the two do not go together. Only the trees count: a
 * branch that was set back, or grew from elsewhere, takes the work as well.
 */
export async function mergeWork(
  git: Git,
  { commit, parent, head, ...how }: { commit: string; parent: string; head: string; at: string; identity: Identity },
): Promise<string | null> {
  // As if it were made on the same parent: with what git 2.38 has, that is the only way to name what both come from.
  const other = await makeCommit(git, { ...how, tree: `${head}^{tree}`, parent, message: 'theirs' });
  try {
    // To look for renames can take as long as an agent wants.
    const args = ['-c', 'merge.renames=false', 'merge-tree', '--write-tree', '--name-only', '--no-messages'];
    return (await git([...args, other, commit])).toString().trim();
  } catch (error) {
    if (error instanceof GitError || error instanceof OutputTooLong) return null;
    throw error;
  }
}
