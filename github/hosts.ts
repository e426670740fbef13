/** Which hosts speak GitHub's API, and which repository there a URL means. */

/** Host of repository URLs, as `host` or `host:port`, → base URL of its API. */
export type GitHubHosts = ReadonlyMap<string, string>;

export interface GitHubRepository {
  /** Base URL of the API. */
  apiUrl: string;
  owner: string;
  repo: string;
}

/** The repository that a clone URL means; `undefined` at a host that is none of GitHub's, or for a path that is no `owner/name`. */
export function findGitHubRepository(cloneUrl: string, hosts: GitHubHosts): GitHubRepository | undefined {
  const { host, pathname } = new URL(cloneUrl);
  const apiUrl = hosts.get(host);
  const [owner, name, ...rest] = pathname.split('/').filter((part) => part !== '');
  const repo = name?.replace(/\.git$/, '');
  if (apiUrl === undefined || !owner || !repo || rest.length > 0) return undefined;
  return { apiUrl, owner, repo };
}
