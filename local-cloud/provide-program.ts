/** Programs of the host that the local cloud needs now and then. */
import { execa } from 'execa';

/**
 * Sees to it that a program (and Debian package) of this name is installed: as root on a Debian-like host it installs it
 * and says so; elsewhere, or where installing is not allowed, it fails with what to do.
 */
export async function provideProgram(
  name: string,
  { mayInstall, progress }: { mayInstall: boolean; progress: (line: string) => void },
): Promise<void> {
  if (await works('which', [name])) return;
  const canInstall = mayInstall && process.getuid?.() === 0 && (await works('which', ['apt-get']));
  if (!canInstall)
    throw new Error(
      `No container registry can be reached and ${name} is missing. Install one: apt-get install ${name}`,
    );
  progress(`installing ${name} (apt-get)`);
  await execa('apt-get', ['update', '-qq']);
  await execa('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
}

async function works(command: string, args: string[]): Promise<boolean> {
  return (await execa(command, args, { reject: false })).exitCode === 0;
}
