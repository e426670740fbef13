import type { z } from 'zod';
import type { PublishDependencies } from '../../activities/publish.ts';
import { gitHubSettings } from '../../config/settings/github.ts';
import { repositorySettings } from '../../config/settings/repositories.ts';
import { repositoryParts } from '../../workers/repository-parts.ts';

/** Settings of work with repositories as they are by default; servers on loopback may be asked without TLS. */
export function testRepositoryParts(
  home: string,
  insecureHosts: readonly string[] = [],
  gitHubHosts?: string,
): Pick<PublishDependencies, 'repositories' | 'publishing'> {
  const settings: z.infer<typeof repositorySettings> = repositorySettings.parse({});
  const gitHub = gitHubSettings.parse({ GITHUB_HOSTS: gitHubHosts });
  return repositoryParts({ ...settings, ...gitHub, PAWL_HOME: home, GIT_INSECURE_HOSTS: insecureHosts });
}
