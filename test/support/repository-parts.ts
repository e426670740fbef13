import type { z } from 'zod';
import type { PublishDependencies } from '../../activities/publish.ts';
import { repositorySettings } from '../../config/settings/repositories.ts';
import { repositoryParts } from '../../workers/repository-parts.ts';

/** Settings of work with repositories as they are by default; servers on loopback may be asked without TLS. */
export function testRepositoryParts(
  home: string,
  insecureHosts: readonly string[] = [],
): Pick<PublishDependencies, 'repositories' | 'publishing'> {
  const settings: z.infer<typeof repositorySettings> = repositorySettings.parse({});
  return repositoryParts({ ...settings, PAWL_HOME: home, GIT_INSECURE_HOSTS: insecureHosts });
}
