/** The machine image: built once for each recipe, by whoever comes first. */
import { mkdir, rm } from 'node:fs/promises';
import { lock } from 'proper-lockfile';
import { ensureDebianImage } from './base-image.ts';
import type { ImageContext } from './base-image.ts';
import { withStep } from './build-progress.ts';
import { packContext } from './build-context.ts';
import { saveDevcontainerImage } from './devcontainer-image.ts';
import { hostSources } from './host-sources.ts';
import { imageLabel, machineRecipe } from './recipe.ts';
import type { Recipe } from './recipe.ts';

/**
 * Sees to it that the machine image of the current recipe is there, and returns its name. The first build takes minutes
 * and tells `progress` what it does; a second caller waits for the first. Fails with the build's own words.
 */
export async function ensureMachineImage(context: ImageContext, cacheDir: string): Promise<string> {
  const recipe = machineRecipe();
  if (await context.engine.hasImage(recipe.imageName)) return recipe.imageName;

  await mkdir(cacheDir, { recursive: true });
  const release = await lock(cacheDir, {
    lockfilePath: `${cacheDir}/machine-image.lock`,
    retries: { retries: 1800, factor: 1, minTimeout: 1000 },
    // Generous, because a suspended laptop refreshes no lock.
    stale: 60_000,
  });
  try {
    if (!(await context.engine.hasImage(recipe.imageName))) await build(context, recipe, cacheDir);
  } finally {
    await release();
  }
  return recipe.imageName;
}

async function build(context: ImageContext, recipe: Recipe, cacheDir: string): Promise<void> {
  await ensureDebianImage(context);
  const devcontainerBase = await saveDevcontainerImage(context, recipe.files, cacheDir);
  const sources = await hostSources();
  await context.engine.buildImage(
    packContext(recipe.files, [{ name: 'devcontainer-base.tar', file: devcontainerBase }]),
    {
      name: recipe.imageName,
      dockerfile: 'Dockerfile',
      buildArguments: {
        DEBIAN_MIRROR: sources.debianMirror,
        DEBIAN_SECURITY_MIRROR: sources.debianSecurityMirror,
        npm_config_registry: sources.npmRegistry,
      },
      onLine: withStep(context.progress),
    },
  );
  await rm(devcontainerBase);
  await removeOutdated(context, recipe.imageName);
}

/** Younger ones may be stages of a build that goes on beside this one, for another recipe. */
const outdatedAfterMs = 24 * 3_600_000;

/** Images of older recipes, and stages of builds; what a machine still runs from stays. */
async function removeOutdated({ engine }: ImageContext, current: string): Promise<void> {
  for (const { id, names, createdAt } of await engine.listImages(`${imageLabel}=machine`)) {
    const isOutdated = !names.includes(current) && Date.now() - createdAt.getTime() > outdatedAfterMs;
    if (isOutdated) await engine.removeImageIfUnused(id);
  }
}
