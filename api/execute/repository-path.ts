/** How a repository is called where people read of it. */

/** Where the checkout lies in every container. */
export const checkoutPath = '/work/repo';

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
