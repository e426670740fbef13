/** How a repository is called where people read of it. */
import { DirectoryName } from '../../workflows/contract/run.schema.ts';
import type { RunRepository } from '../../workflows/contract/run.ts';

/** The last two parts of the URL's path. */
export function repositoryOf(repoUrl: string): { owner: string | undefined; name: string | undefined } {
  const segments =
    URL.parse(repoUrl)
      ?.pathname.split('/')
      .filter((part) => part !== '') ?? [];
  const [name, owner] = segments.toReversed();
  return { owner, name: name?.replace(/\.git$/, '') };
}

/** `{owner}/{repo}/{branch}`, the branch in one piece. */
export function sessionPath(repoUrl: string, branch: string): string {
  const { owner, name } = repositoryOf(repoUrl);
  return [owner, name, branch.replaceAll('/', '-')].filter((part) => part !== undefined).join('/');
}

/** How the folder of its checkout is called: as the caller wants, else as the repository is; empty where that is no name. */
export function directoryFor({ url, directory }: Pick<RunRepository, 'url' | 'directory'>): string {
  return DirectoryName.safeParse(directory ?? repositoryOf(url).name).data ?? '';
}
