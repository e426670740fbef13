/** The image of the default devcontainer, as a file that the machine image brings along. */
import { createWriteStream } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureDebianImage, obtainImage } from './base-image.ts';
import type { ImageContext } from './base-image.ts';
import { packContext } from './build-context.ts';
import { hostSources } from './host-sources.ts';
import type { RecipeFile } from './recipe.ts';

/** Its name in the world, and so in `default-devcontainer.json`. */
const devcontainerImage = 'mcr.microsoft.com/devcontainers/base:bookworm';

/** Pulls the image, or builds a stand-in of the same name, and returns the file that holds it. */
export async function saveDevcontainerImage(
  context: ImageContext,
  recipe: RecipeFile[],
  cacheDir: string,
): Promise<string> {
  if (!(await obtainImage(context, devcontainerImage))) await buildStandIn(context, recipe);
  const file = path.join(cacheDir, 'devcontainer-base.tar');
  context.progress(`saving ${devcontainerImage}`);
  await pipeline(await context.engine.saveImage(devcontainerImage), createWriteStream(`${file}.new`));
  await rename(`${file}.new`, file);
  return file;
}

async function buildStandIn(context: ImageContext, recipe: RecipeFile[]): Promise<void> {
  await ensureDebianImage(context);
  context.progress(`building a stand-in for ${devcontainerImage}`);
  const { debianMirror } = await hostSources();
  await context.engine.buildImage(packContext(recipe), {
    name: devcontainerImage,
    dockerfile: 'devcontainer-base.Dockerfile',
    buildArguments: { DEBIAN_MIRROR: debianMirror },
    onLine: context.progress,
  });
}
