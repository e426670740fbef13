/** What every activity with a repository does: check, unlock, work in a folder of its own, fail by a name. */
import path from 'node:path';
import type { Readable } from 'node:stream';
import { openGit, type Git } from '../repositories/git.ts';
import { RepositoryError } from '../repositories/repository-error.ts';
import { repositoryUrlFault } from '../repositories/repository-url.ts';
import type { GitCredential, Remote } from '../repositories/remote.ts';
import { inWorkFolder } from '../repositories/work-folder.ts';
import type { Store } from '../store/store.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';

export interface RepositoryDependencies {
  store: Pick<Store, 'secrets' | 'credentials'>;
  blobs: RunFiles;
  repositories: RepositorySettings;
}

/** Where the files of runs are; the blob store is one. */
export interface RunFiles {
  put(key: string, source: Readable, limits: { maxBytes: number }): Promise<{ bytes: number }>;
  get(key: string): Promise<{ stream: Readable } | undefined>;
}

export interface RepositorySettings {
  /** Folders for work with repositories are made in here. */
  workFolder: string;
  insecureHosts: readonly string[];
  maxRepositoryBytes: number;
  /** So many commits of its history are cloned; all of them when `null`. */
  cloneDepth: number | null;
  /** Time for a single git command. */
  gitMinutes: number;
}

/** A repository, and under which name the store has the key to it: a credential that somebody stored, or a bare secret. */
export interface RepositorySource {
  url: string;
  credential: { stored: string } | { secret: string; username?: string } | null;
}

/** What GitHub expects beside a token; other servers take any name. */
const tokenUsername = 'x-access-token';

/** A piece of work: git in a fresh repository, the remote, and the folder around both. */
export type RepositoryWork<Result> = (workplace: { git: Git; remote: Remote; folder: string }) => Promise<Result>;

/** Does the work in a fresh repository that is gone afterwards. Cancellation ends git; what goes wrong leaves by a name. */
export async function withRepository<Result>(
  { store, repositories: settings }: RepositoryDependencies,
  { url, credential }: RepositorySource,
  work: RepositoryWork<Result>,
): Promise<Result> {
  return await namingFailures(async () => {
    const fault = repositoryUrlFault(url, settings.insecureHosts);
    if (fault) throw new RepositoryError('RepositoryMissing', fault);
    const remote = { url, credential: credential && (await unlock(store, credential)) };
    return await whileHeartbeating((signal) =>
      inWorkFolder(path.resolve(settings.workFolder), async (folder) => {
        const limits = { timeoutMs: settings.gitMinutes * 60_000, maxFileBytes: settings.maxRepositoryBytes };
        return await work({ git: await openGit({ folder, signal, ...limits }), remote, folder });
      }),
    );
  });
}

/** The key to a repository. Fails with `SecretMissing`. */
export async function unlock(
  store: RepositoryDependencies['store'],
  credential: NonNullable<RepositorySource['credential']>,
): Promise<GitCredential> {
  if ('stored' in credential) return await readGitToken(store, credential.stored);
  const { secret, username = tokenUsername } = credential;
  const password = await store.secrets.read(secret);
  if (password === undefined) throw failure('SecretMissing', `The store has no secret "${secret}".`);
  return { username, password };
}

async function readGitToken({ credentials }: Pick<Store, 'credentials'>, name: string): Promise<GitCredential> {
  const value = (await credentials.read(name))?.value;
  if (value?.kind !== 'git_token') throw failure('SecretMissing', `The store has no git token "${name}".`);
  return { username: value.username, password: value.token };
}

/** So many findings are told; a change of thousands of files could have as many. */
const maxFindings = 100;

async function namingFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.name === 'BlobTooLarge') throw failure('RepositoryTooLarge', error.message);
    if (!(error instanceof RepositoryError)) throw error;
    const findings = error.findings.slice(0, maxFindings);
    throw failure(error.failure, error.message, findings.length > 0 ? { details: [findings] } : {});
  }
}
