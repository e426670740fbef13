/** The image of a machine as a cloud rents it out: the distribution's own, with nothing of a workspace installed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { ensureDebianImage } from '../../../local-cloud/base-image.ts';
import { packContext } from '../../../local-cloud/build-context.ts';
import { saveDevcontainerImage } from '../../../local-cloud/devcontainer-image.ts';
import { openDockerEngine } from '../../../local-cloud/docker-engine.ts';
import { hostSources } from '../../../local-cloud/host-sources.ts';
import { machineRecipe } from '../../../local-cloud/recipe.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const engine = openDockerEngine();

const files = [
  ...machineRecipe().files.filter(({ name }) =>
    /^(extra-ca\/.*|entrypoint\.sh|cloud\.cfg|devcontainer-base\..*)$/.test(name),
  ),
  ...['plain.dockerfile', 'plain-cloud.cfg'].map((name) => ({
    name,
    content: readFileSync(path.join(import.meta.dirname, name), 'utf8'),
  })),
];

/** Builds the image unless it is there, and returns its name. */
export async function ensurePlainImage(progress: (line: string) => void): Promise<string> {
  const imageName = `pawl-test-plain:${createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12)}`;
  if (!(await engine.hasImage(imageName))) await build(imageName, progress);
  return imageName;
}

async function build(imageName: string, progress: (line: string) => void): Promise<void> {
  const context = { engine, progress, mayInstall: true };
  await ensureDebianImage(context);
  await using folder = await temporaryFolder();
  const devcontainerBase = await saveDevcontainerImage(context, files, folder.path);
  const { debianMirror, debianSecurityMirror } = await hostSources();
  await engine.buildImage(packContext(files, [{ name: 'devcontainer-base.tar', file: devcontainerBase }]), {
    name: imageName,
    dockerfile: 'plain.dockerfile',
    buildArguments: { DEBIAN_MIRROR: debianMirror, DEBIAN_SECURITY_MIRROR: debianSecurityMirror },
    onLine: progress,
  });
  await rm(devcontainerBase);
}
