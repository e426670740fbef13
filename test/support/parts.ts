/** The real parts that the suite works with, brought to this machine where that is allowed. */
import path from 'node:path';
import { env } from 'node:process';
import { takeSteps, type Step } from '../../cli/steps.ts';
import { defaultCacheFolder } from '../../config/cache-folder.ts';
import { ensureRequirement } from '../../engine/host/ensure-requirement.ts';
import { installerOf } from '../../engine/host/installer.ts';
import { dockerEngine, git, testRequirements } from '../../engine/host/requirements.ts';
import { reasonOf, type Report } from '../../engine/progress.ts';
import { provideTemporalCli } from '../../engine/temporal/provide-cli.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { agentImage } from './agents/container.ts';
import { openDockerProvider } from './docker-provider.ts';
import { s3ServerJar } from './s3-server.ts';
import { timeSkippingServerPath } from './time-skipping-server/provide.ts';

/** Brings every part and resolves with the ones that are not to be had: what is missing, and what to do. */
export async function prepareParts(): Promise<string[]> {
  const missing: string[] = [];
  await takeSteps([
    ...requirements().map(({ name, ensure }) => tolerantStep(name, ensure, missing)),
    tolerantStep('Temporal server', provideTemporal, missing),
    tolerantStep('Time-skipping Temporal server', timeSkippingServerPath, missing),
    tolerantStep('S3 server', s3ServerJar, missing),
    tolerantStep('Machine image', provideMachineImage, missing),
    tolerantStep('Agent image', agentImage, missing),
  ]);
  return missing;
}

function requirements(): { name: string; ensure: (report: Report) => Promise<string> }[] {
  const installer = installerOf({ noInstall: Boolean(env['PAWL_NO_INSTALL']) });
  const docker = dockerEngine({
    address: env['DOCKER_HOST'],
    pidFile: '/var/run/docker.pid',
    logFile: path.join(cacheFolder(), 'dockerd.log'),
  });
  return [git, docker, ...testRequirements].map((requirement) => ({
    name: requirement.name,
    ensure: async (report) => {
      const { isThere, detail } = await ensureRequirement(requirement, installer, report);
      if (!isThere) throw new Error(detail);
      return detail;
    },
  }));
}

/** The other parts are still brought when one is not to be had, so that one run names all that is missing. */
function tolerantStep(title: string, ensure: (report: Report) => Promise<string>, missing: string[]): Step {
  return {
    title,
    run: async (report) => {
      try {
        return await ensure(report);
      } catch (error) {
        missing.push(`- ${title}: ${reasonOf(error)}`);
        return 'MISSING';
      }
    },
  };
}

function provideTemporal(report: Report): Promise<string> {
  return provideTemporalCli({ cliPath: env['TEMPORAL_CLI_PATH'], cacheFolder: cacheFolder() }, report);
}

/** Minutes when it is built; the tests on Docker find it there and need not reckon with that. */
async function provideMachineImage(report: Report): Promise<string> {
  await openDockerProvider('parts').prepare?.(report);
  return machineRecipe().imageName;
}

function cacheFolder(): string {
  return env['PAWL_CACHE_DIR'] ?? defaultCacheFolder();
}
