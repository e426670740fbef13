import { GitError, OutputTooLong } from './git.ts';
import { RepositoryError } from './repository-error.ts';

/** What troubles the host and not the bundle; another try may find it gone. */
const hostTrouble = /No space left on device|Disk quota exceeded|Input\/output error|cannot fork/i;

/** Runs steps that work with what an agent left; where git cannot, the fault is the bundle's, and final. */
export async function blamingBundle<Result>(steps: () => Promise<Result>): Promise<Result> {
  try {
    return await steps();
  } catch (error) {
    if (!(error instanceof GitError || error instanceof OutputTooLong) || hostTrouble.test(error.message)) throw error;
    throw new RepositoryError('BundleInvalid', `What the agent left cannot be taken over: ${error.message}`);
  }
}
