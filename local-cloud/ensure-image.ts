/** The images that are made here: each built once for each recipe, by whoever comes first. */
import { mkdir, rm } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import { ensureDebianImage } from './base-image.ts';
import type { ImageContext } from './base-image.ts';
import { withStep } from './build-progress.ts';
import { packContext } from './build-context.ts';
import { saveDevcontainerImage } from './devcontainer-image.ts';
import { hostSources } from './host-sources.ts';
import { agentRecipe, imageLabel, machineRecipe } from './recipe.ts';
import type { Recipe } from './recipe.ts';

/**
 * Sees to it that the machine image of the current recipe is there, and returns its name. The first build takes minutes
 * and tells `progress` what it does; a second caller waits for the first. Fails with the build's own words.
 */
export async function ensureMachineImage(context: ImageContext, cacheDir: string): Promise<string> {
  const recipe = machineRecipe();
  return ensureImage(context, recipe, cacheDir, async () => {
    const devcontainerBase = await saveDevcontainerImage(context, recipe.files, cacheDir);
    await build(context, recipe, [{ name: 'devcontainer-base.tar', file: devcontainerBase }]);
    await rm(devcontainerBase);
  });
}

/** The same for the image that these agents work in. */
export async function ensureAgentImage(
  context: ImageContext,
  agents: readonly string[],
  cacheDir: string,
): Promise<string> {
  const recipe = agentRecipe(agents);
  return ensureImage(context, recipe, cacheDir, () => build(context, recipe));
}

async function ensureImage(
  context: ImageContext,
  { kind, imageName }: Recipe,
  cacheDir: string,
  make: () => Promise<void>,
): Promise<string> {
  if (await context.engine.hasImage(imageName)) return imageName;
  await mkdir(cacheDir, { recursive: true });
  const release = await lock(cacheDir, {
    lockfilePath: `${cacheDir}/${kind}-image.lock`,
    retries: { retries: 1800, factor: 1, minTimeout: 1000 },
    // Generous, because a suspended laptop refreshes no lock.
    stale: 60_000,
  });
  try {
    if (await context.engine.hasImage(imageName)) return imageName;
    await ensureDebianImage(context);
    await make();
    await removeOutdated(context, kind, imageName);
  } finally {
    await release();
  }
  return imageName;
}

async function build(
  { engine, progress }: ImageContext,
  { kind, imageName, files, buildArguments }: Recipe,
  bigFiles: { name: string; file: string }[] = [],
): Promise<void> {
  const sources = await hostSources();
  await engine.buildImage(packContext(files, bigFiles), {
    name: imageName,
    dockerfile: 'Dockerfile',
    buildArguments: {
      DEBIAN_MIRROR: sources.debianMirror,
      DEBIAN_SECURITY_MIRROR: sources.debianSecurityMirror,
      npm_config_registry: sources.npmRegistry,
      ...buildArguments,
    },
    onLine: withStep(kind, progress),
  });
}

/** Younger ones may be stages of a build that goes on beside this one, for another recipe. */
const outdatedAfterMs = 24 * 3_600_000;

/** Images of older recipes, and stages of builds; what something still runs from stays. */
async function removeOutdated({ engine }: ImageContext, kind: string, current: string): Promise<void> {
  for (const { id, names, createdAt } of await engine.listImages(`${imageLabel}=${kind}`)) {
    const isOutdated = !names.includes(current) && Date.now() - createdAt.getTime() > outdatedAfterMs;
    if (isOutdated) await engine.removeImageIfUnused(id);
  }
}
