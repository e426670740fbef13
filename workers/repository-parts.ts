/** What the activities with repositories are told, from the settings of the installation. */
import path from 'node:path';
import type { z } from 'zod';
import type { PublishDependencies } from '../activities/publish.ts';
import type { gitHubSettings } from '../config/settings/github.ts';
import type { repositorySettings } from '../config/settings/repositories.ts';

type Settings = z.infer<typeof repositorySettings> &
  z.infer<typeof gitHubSettings> & { PAWL_HOME: string; GIT_INSECURE_HOSTS: readonly string[] };

const bytesPerMb = 1_000_000;

export function repositoryParts(settings: Settings): Pick<PublishDependencies, 'repositories' | 'publishing'> {
  return {
    repositories: {
      workFolder: path.join(settings.PAWL_HOME, 'work'),
      insecureHosts: settings.GIT_INSECURE_HOSTS,
      maxRepositoryBytes: settings.REPOSITORY_MAX_MB * bytesPerMb,
      cloneDepth: settings.CLONE_DEPTH === 0 ? null : settings.CLONE_DEPTH,
      gitMinutes: settings.GIT_MINUTES,
    },
    publishing: {
      identity: settings.PUBLISH_IDENTITY,
      gitHubHosts: settings.GITHUB_HOSTS,
      policy: {
        ciFiles: settings.PUBLISH_CI_FILES,
        maxFiles: settings.PUBLISH_MAX_FILES,
        maxFileBytes: settings.PUBLISH_MAX_FILE_MB * bytesPerMb,
        maxTotalBytes: settings.PUBLISH_MAX_TOTAL_MB * bytesPerMb,
      },
    },
  };
}
