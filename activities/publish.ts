/** What an agent left, made readable and published. The bundle stays where it is, so that all of it can be repeated. */
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Identity } from '../repositories/commit.ts';
import type { GitHubHosts } from '../github/hosts.ts';
import { diffOfWork } from '../repositories/diff.ts';
import type { GatePolicy } from '../repositories/gate/gate.ts';
import { publishWork, type Committed, type Published } from '../repositories/publish.ts';
import { RepositoryError } from '../repositories/repository-error.ts';
import type { Store } from '../store/store.ts';
import { runStream } from '../workflows/contract/run.ts';
import { failure } from './failures.ts';
import { withRepository, type RepositoryDependencies, type RepositorySource } from './repository-work.ts';
import { secretValues } from './secret-values.ts';

export interface PublishDependencies extends RepositoryDependencies {
  store: Pick<Store, 'secrets' | 'credentials' | 'events'>;
  publishing: PublishSettings;
}

export interface PublishSettings {
  identity: Identity;
  policy: GatePolicy;
  /** Where pull requests can be opened. */
  gitHubHosts: GitHubHosts;
}

/** What an agent left, and where it began. */
export interface WorkLeft extends RepositorySource {
  /** Key of the file that holds the bundle. */
  bundle: string;
  baseCommit: string;
}

export interface DiffRequest extends WorkLeft {
  /** Key of the file that is to hold the diff. */
  diff: string;
}

export interface PublishRequest extends WorkLeft {
  runId: string;
  branch: string;
  /** Where the branch is, which the agent's files must contain; `null` if there is no such branch yet. */
  expectedHead: string | null;
  /** ISO 8601, decided once: the commit's date. */
  at: string;
  /** Names of secrets, or prefixes of them that end in `/`, whose values must not leave. */
  secrets: string[];
}

const maxDiffBytes = 5 * 1024 * 1024;

export function createPublishActivities(dependencies: PublishDependencies) {
  const { store, blobs, repositories, publishing } = dependencies;

  /** Stores what changed as a diff, published or not; tells whether it had to be cut. */
  async function keepDiff(request: DiffRequest): Promise<{ truncated: boolean }> {
    return await withRepository(dependencies, request, async ({ git, remote, folder }) => {
      const bundle = await fetchBundle(request, folder);
      const diff = await diffOfWork(git, remote, { ...bundle, bases: [request.baseCommit], maxDiffBytes });
      await blobs.put(request.diff, Readable.from([diff.text]), { maxBytes: maxDiffBytes });
      return { truncated: diff.truncated };
    });
  }

  /** Publishes through the gate, or fails with `PublishRefused` and its reasons. Repeating it changes nothing more. */
  async function publishBranch(request: PublishRequest): Promise<Published> {
    return await withRepository(dependencies, request, async ({ git, remote, folder }) => {
      const bundle = await fetchBundle(request, folder);
      const secrets = await secretValues(store.secrets, request.secrets);
      if (remote.credential) secrets.push(remote.credential.password);
      const order = { ...request, ...bundle, ...publishing, secrets };
      return await publishWork(git, remote, order, (made) => tellCommitted(request, made));
    });
  }

  return { keepDiff, publishBranch };

  /** Here and not by the run, which hears of it only after the push. Another try of the same commit is not told again. */
  async function tellCommitted({ runId, branch: from }: PublishRequest, made: Committed): Promise<void> {
    const { branch, commit } = made;
    const named = { key: `publish.named:${branch}`, type: 'branch.named', data: { branch, from } };
    const told = { key: `publish.committed:${commit}`, type: 'publish.committed', data: made };
    await store.events.append(runStream(runId), branch === from ? [told] : [named, told]);
  }

  /** Onto the disk, for git to read. A bundle can be as large as the repository, not larger. */
  async function fetchBundle({ bundle: key }: WorkLeft, folder: string) {
    const blob = await blobs.get(key);
    if (!blob) throw failure('BundleInvalid', `There is no file "${key}".`);
    const bundle = path.join(folder, 'result.bundle');
    const maxBundleBytes = repositories.maxRepositoryBytes;
    await pipeline(blob.stream, atMost(maxBundleBytes), createWriteStream(bundle));
    return { bundle, maxBundleBytes };
  }
}

function atMost(maxBytes: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= maxBytes) done(null, chunk);
      else done(new RepositoryError('RepositoryTooLarge', `What the agent left is larger than ${maxBytes} bytes.`));
    },
  });
}
