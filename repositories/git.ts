/** Runs git in a repository of the control plane's own, under limits, where nobody else's configuration counts. */
import type { Readable } from 'node:stream';
import { hasFullPack } from './full-pack.ts';
import { gitEnvironment, gitFolder } from './git-environment.ts';
import { gitWords } from './git-words.ts';
import { remoteFailure } from './remote-failure.ts';
import { runLimited } from './run-limited.ts';
import { RepositoryError } from './repository-error.ts';
import type { Remote } from './remote.ts';

/** Where and how git runs for one piece of work. */
export interface GitWorkplace {
  /** A folder of this work's own; the repository is `repository.git` in it. */
  folder: string;
  signal: AbortSignal;
  /** Time for a single command. */
  timeoutMs: number;
  /** No file that git writes becomes larger. A fetched or unpacked repository is one pack, so it is the limit of that. */
  maxFileBytes: number;
}

export interface GitOptions {
  input?: string | Readable;
  /** The server this command talks to. Its failures then are `RepositoryError`s. */
  remote?: Remote;
  /** Output beyond this ends the command with `OutputTooLong`. */
  maxOutputBytes?: number;
  environment?: Record<string, string>;
  /** A cancellation does not cut it short: whether a server took something has to be known. */
  isUncut?: boolean;
}

/** One git command; resolves to its output. Fails with `GitError`, or with `RepositoryError` if a remote is involved. */
export type Git = (args: readonly string[], options?: GitOptions) => Promise<Buffer>;

/** git said no; the message holds its words, freed of secrets. */
export class GitError extends Error {
  override name = 'GitError';
}

/** A command wrote more than it may; `output` is what came until then. */
export class OutputTooLong extends Error {
  override name = 'OutputTooLong';
  readonly output: Buffer;

  constructor(output: Buffer) {
    super('git wrote more than it may');
    this.output = output;
  }
}

const defaultOutputBytes = 64 * 1024 * 1024;

/** Makes an empty repository, without hooks, in the workplace's folder and returns the git that works there. */
export async function openGit(workplace: GitWorkplace): Promise<Git> {
  const git: Git = (args, options) => runGit(workplace, args, options);
  await git(['init', '--quiet', '--bare', '--template=']);
  return git;
}

async function runGit(workplace: GitWorkplace, args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
  const { folder, signal, timeoutMs, maxFileBytes } = workplace;
  const { input = '', remote, maxOutputBytes = defaultOutputBytes, environment, isUncut = false } = options;
  const timeUp = AbortSignal.timeout(timeoutMs);
  const { ok, output, errors } = await runLimited(args, {
    ...{ folder, input, maxFileBytes, maxOutputBytes },
    environment: { ...gitEnvironment(folder, remote), ...environment },
    signal: isUncut ? timeUp : AbortSignal.any([signal, timeUp]),
  });
  if (!ok || !isUncut) signal.throwIfAborted();
  if (ok) return output;
  if (output.length >= maxOutputBytes) throw new OutputTooLong(output);
  const words = timeUp.aborted ? `it took longer than ${timeoutMs / 1000} s` : gitWords(errors, remote);
  throw await namedError(workplace, `git ${args[0]}: ${words}`, remote);
}

async function namedError({ folder, maxFileBytes }: GitWorkplace, message: string, remote?: Remote): Promise<Error> {
  if (await hasFullPack(gitFolder(folder), maxFileBytes)) {
    const limit = `The repository, or what was left, is larger than ${Math.ceil(maxFileBytes / 1_000_000)} MB.`;
    return new RepositoryError('RepositoryTooLarge', limit);
  }
  return remote ? new RepositoryError(remoteFailure(message, remote), message) : new GitError(message);
}
