/** The repository that an agent works on: cloned by the control plane, handed over as a file. */
import { packClone } from '../repositories/archive.ts';
import { cloneRepository, type Clone } from '../repositories/clone.ts';
import { gitFolder } from '../repositories/git-environment.ts';
import { withPatience } from './repository-patience.ts';
import {
  withRepository,
  type RepositoryDependencies,
  type RepositorySource,
  type RepositoryWork,
} from './repository-work.ts';

export interface PrepareRequest extends RepositorySource {
  /** The branch to start from; without one, or where it does not exist, the fallback, and else the default branch. */
  branch: string | null;
  fallback?: string | null;
  /** Key of the file that is to hold the archive. */
  archive: string;
}

export interface PreparedRepository extends Clone {
  archiveBytes: number;
}

/** What a tar needs around a pack, and the small files beside it. */
const archiveOverheadBytes = 10 * 1024 * 1024;

export function createRepositoryActivities(dependencies: RepositoryDependencies) {
  /** Clones and stores the archive. Another try clones anew and replaces it: base commit and archive belong together. */
  async function prepareRepository(request: PrepareRequest): Promise<PreparedRepository> {
    const work: RepositoryWork<PreparedRepository> = async ({ git, remote, folder }) => {
      const { cloneDepth: depth, maxRepositoryBytes } = dependencies.repositories;
      const clone = await cloneRepository(git, remote, { ...request, depth });
      const maxBytes = maxRepositoryBytes + archiveOverheadBytes;
      const stored = await dependencies.blobs.put(request.archive, packClone(gitFolder(folder)), { maxBytes });
      return { ...clone, archiveBytes: stored.bytes };
    };
    return await withPatience(() => withRepository(dependencies, request, work));
  }

  return { prepareRepository };
}
