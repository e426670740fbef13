/** Runs other programs; arguments go as a list, never through a shell. */
import { execFile } from 'node:child_process';

export interface RunOptions {
  /** Runs as this user, with that user's groups and home. */
  user?: string;
  environment?: Record<string, string>;
  folder?: string;
}

/** A program ended badly; the message is its own last words. */
export class CommandFailed extends Error {
  override name = 'CommandFailed';
  readonly stdout: string;

  constructor(command: string, stdout: string, stderr: string, cause: Error) {
    super(stderr.trim() || stdout.trim() || `${command}: ${cause.message}`, { cause });
    this.stdout = stdout;
  }
}

/** What the program wrote to its output. Fails with `CommandFailed` when it cannot start or does not end well. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const [file, ...argv] = asUser(options.user, command, args);
  const settings = {
    cwd: options.folder ?? '/',
    maxBuffer: 64 * 1024 * 1024,
    env: { ...basicEnvironment(options.user), ...options.environment },
  };
  return new Promise((resolve, reject) => {
    execFile(file, argv, settings, (error, stdout, stderr) => {
      if (error) reject(new CommandFailed(command, stdout, stderr, error));
      else resolve(stdout);
    });
  });
}

function asUser(user: string | undefined, command: string, args: readonly string[]): [string, ...string[]] {
  return user === undefined ? [command, ...args] : ['runuser', '-u', user, '--', command, ...args];
}

/** Nothing is inherited: what a program sees does not depend on who started the boot. */
function basicEnvironment(user: string | undefined): Record<string, string> {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: user === undefined ? '/root' : `/home/${user}`,
    LANG: 'C.UTF-8',
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
  };
}
