/** Public images, from their registry or, where none can be reached, made here under the same name. */
import { execa } from 'execa';
import type { DockerEngine } from './docker-engine.ts';
import { engineWords } from './engine-errors.ts';
import { hostSources } from './host-sources.ts';
import { provideProgram } from './provide-program.ts';

export const debianImage = 'debian:bookworm';

export interface ImageContext {
  engine: DockerEngine;
  /** May missing programs be installed on this host? */
  mayInstall: boolean;
  progress: (line: string) => void;
}

/** A registry that shows no sign of life for so long cannot be reached. */
const silenceSeconds = 20;

/** Sees to it that `debian:bookworm` is there: pulled, or built from the distribution's packages. */
export async function ensureDebianImage(context: ImageContext): Promise<void> {
  if (await obtainImage(context, debianImage)) return;
  const { engine, progress } = context;
  await provideProgram('mmdebstrap', context);
  progress(`no registry can be reached: building ${debianImage} from the distribution's packages`);
  const { debianMirror } = await hostSources();
  const build = execa('mmdebstrap', ['--variant=minbase', '--format=tar', 'bookworm', '-', debianMirror], {
    stdout: 'pipe',
    buffer: { stdout: false, stderr: true },
  });
  await Promise.all([build, engine.importImage(build.stdout, debianImage)]);
}

/** Whether the image is there, after trying to pull it. */
export async function obtainImage({ engine, progress }: ImageContext, name: string): Promise<boolean> {
  if (await engine.hasImage(name)) return true;
  progress(`pulling ${name}`);
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceSeconds * 1000);
  try {
    await engine.pullImage(name, () => (timer = timer.refresh()), silence.signal);
    return true;
  } catch (error) {
    progress(`cannot pull ${name}: ${engineWords(error)}`);
    return false;
  } finally {
    clearTimeout(timer);
  }
}
