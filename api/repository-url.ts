/** Which git URLs a machine may be told to clone. */
import { canonicalRepositoryUrl, repositoryUrlFault } from '../repositories/repository-url.ts';
import { problemAt } from './problems.ts';

/** Returns the canonical URL. Fails with `invalid_repo_url` when git must not be sent there; insecure hosts may be http. */
export function checkRepositoryUrl(text: string, insecureHosts: readonly string[], field = 'repoUrl'): string {
  const fault = repositoryUrlFault(text, insecureHosts);
  if (fault) throw problemAt('invalid_repo_url', field, fault);
  return canonicalRepositoryUrl(text);
}

/** The workspace's name when none is given: the repository's last path segment, in the letters a name may have. */
export function nameFromRepository(repoUrl: string): string {
  const segment = new URL(repoUrl).pathname.split('/').findLast((part) => part !== '') ?? '';
  const name = segment
    .replace(/\.git$/, '')
    .replaceAll(/[^A-Za-z0-9-_]+/g, '-')
    .slice(0, 50);
  return /[A-Za-z0-9]/.test(name) ? name : 'workspace';
}
