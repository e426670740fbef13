import { execa } from 'execa';
import { reasonOf } from '../progress.ts';
import { minimumServer } from './cli-release.ts';

/** What became of one way to get the Temporal CLI: the executable, or why it is not to be had that way. */
export type CliOutcome = { path: string } | { unusable: string };

/** Asks the executable for its version; it is usable when the server in it is new enough. */
export async function checkCli(path: string): Promise<CliOutcome> {
  try {
    const { stdout } = await execa(path, ['--version'], { timeout: 10_000 });
    return judge(path, stdout);
  } catch (error) {
    return { unusable: isMissing(error) ? `${path} is not there` : `${path} does not run (${reasonOf(error)})` };
  }
}

/** `temporal version 1.8.2 (Server 1.31.2, UI 2.50.1)` */
function judge(path: string, versionLine: string): CliOutcome {
  const server = /\(Server (\d+)\.(\d+)\.\d+/.exec(versionLine);
  if (!server) return { unusable: `${path} does not tell its server's version` };

  const [major, minor] = [Number(server[1]), Number(server[2])];
  const isNewEnough = major > minimumServer.major || (major === minimumServer.major && minor >= minimumServer.minor);
  if (isNewEnough) return { path };
  return { unusable: `${path} has server ${major}.${minor}, older than ${minimumServer.major}.${minimumServer.minor}` };
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
