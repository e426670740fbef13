/** The Docker provider as tests use it: with its image built, and with a look behind its back. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dockerProvider } from '../../activities/providers/docker.ts';
import type { MachineProvider, MachineSpec } from '../../activities/providers/provider.ts';
import { readSettings } from '../../config/settings.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { containerOptions } from '../../local-cloud/machine-container.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import type { ProviderUnderTest } from '../contracts/machine-provider.ts';
import { docker, dockerThings } from './docker.ts';

/** A provider for an installation of this name; `environment` changes its settings. */
export function openDockerProvider(installation: string, environment: NodeJS.ProcessEnv = {}): MachineProvider {
  const log = { info: () => undefined, warn: () => undefined };
  const cacheDir = path.join(tmpdir(), 'pawl-test-cache');
  return dockerProvider.create(readSettings(dockerProvider.settings, environment), { installation, cacheDir, log });
}

/** What the contract suite needs to know of Docker. */
export const dockerUnderTest: ProviderUnderTest = {
  open: openDockerProvider,
  halfMade: [
    { name: 'a container that was created and never started', make: createOnly },
    { name: 'a volume whose container is gone', make: leaveVolume },
  ],
  remains: (installation, workspaceId) =>
    dockerThings(`io.pawl.installation=${installation}`, `io.pawl.workspace=${workspaceId}`),
};

async function createOnly(installation: string, { workspaceId, hostname }: MachineSpec): Promise<void> {
  const { imageName } = machineRecipe();
  const limits = { cpus: 1, memoryBytes: 1024 ** 3 };
  await openDockerEngine().createContainer(
    containerOptions({ installation, workspaceId, hostname, imageName, limits, privilege: 'privileged' }),
  );
}

async function leaveVolume(installation: string, { workspaceId }: MachineSpec): Promise<void> {
  const labels = [`io.pawl.installation=${installation}`, `io.pawl.workspace=${workspaceId}`];
  await docker('volume', 'create', ...labels.flatMap((label) => ['--label', label]));
}
