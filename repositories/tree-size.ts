import { OutputTooLong, type Git } from './git.ts';
import { RepositoryError } from './repository-error.ts';

/** The names of about half a million files. */
const maxListingBytes = 32 * 1024 * 1024;

/**
 * Fails with `PublishRefused` when a tree has more files than any repository. A few folders that hold each other can have
 * billions; listing them is the one way to look that needs no memory, so it comes before every other.
 */
export async function checkTreeSize(git: Git, tree: string): Promise<void> {
  try {
    await git(['ls-tree', '-r', '-z', '--name-only', tree], { maxOutputBytes: maxListingBytes });
  } catch (error) {
    throw error instanceof OutputTooLong ? tooManyFiles('There are more files than any repository has.') : error;
  }
}

export function tooManyFiles(reason: string): RepositoryError {
  return new RepositoryError('PublishRefused', reason, [{ path: '(all files)', rule: 'total-size', reason }]);
}
