/** Running git where nothing that an agent left behind is obeyed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Settings that no repository may change. */
const settings = {
  'core.hooksPath': '/dev/null',
  'core.fsmonitor': 'false',
  'core.quotePath': 'false',
  'core.logAllRefUpdates': 'false',
  'core.bigFileThreshold': '16m',
  'gc.auto': '0',
  'safe.directory': '*',
  'protocol.allow': 'never',
  'protocol.file.allow': 'always',
  'submodule.recurse': 'false',
  'advice.detachedHead': 'false',
};

const environment = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C.UTF-8',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
  ...identity(),
};

export interface GitOptions {
  /** Checkout that belongs to the repository. */
  workTree?: string;
  input?: string;
}

const longestMinutes = 15;
const largestOutputBytes = 256 * 1024 * 1024;

/**
 * Runs git, on a repository unless that is `null`, and returns what it prints, a character for each byte: names of files need not be valid in any
 * encoding. Fails with git's own words.
 */
export async function git(gitDir: string | null, args: string[], options: GitOptions = {}): Promise<string> {
  const { workTree, input = '' } = options;
  const place = [...(gitDir ? [`--git-dir=${gitDir}`] : []), ...(workTree ? [`--work-tree=${workTree}`] : [])];
  const overrides = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const running = run('git', [...overrides, ...place, ...args], {
    cwd: workTree ?? gitDir ?? '/',
    env: environment,
    encoding: 'latin1',
    timeout: longestMinutes * 60_000,
    maxBuffer: largestOutputBytes,
  });
  running.child.stdin?.on('error', () => undefined).end(Buffer.from(input, 'latin1'));
  try {
    return (await running).stdout;
  } catch (error) {
    const { stderr = '', message } = error as { stderr?: string; message: string };
    throw new Error(`git ${args[0]} failed: ${stderr.trim() || message}`, { cause: error });
  }
}

/** Who makes the commits that no agent made. */
function identity(): Record<string, string> {
  return Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) => [
      [`GIT_${role}_NAME`, 'Pawl'],
      [`GIT_${role}_EMAIL`, 'pawl@localhost'],
    ]),
  );
}

/** The parts of an output that are separated by NUL, the only byte that no name can hold. */
export function nulSeparated(output: string): string[] {
  return output.split('\0').filter((part) => part !== '');
}
