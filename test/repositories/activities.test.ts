/** The activities, as a workflow calls them: with names of secrets and keys of files, never with either's content. */
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger } from '@temporalio/worker';
import { createPublishActivities, type PublishRequest } from '../../activities/publish.ts';
import type { RunFiles } from '../../activities/repository-work.ts';
import { createRepositoryActivities } from '../../activities/repository.ts';
import { askForTokens } from '../support/git-guards.ts';
import { newKey } from '../support/keys.ts';
import { createKeyring } from '../../store/keyring.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { openWorkshop, orderFor, type Workshop } from './workshop.ts';

const token = 'repository-token-canary';
const modelKey = 'model-key-canary-0123456789';

describe('the activities for repositories', () => {
  let shop: Workshop;
  let store: Store;
  let files: string;
  let activities: ReturnType<typeof createRepositoryActivities> & ReturnType<typeof createPublishActivities>;
  before(async () => {
    shop = await openWorkshop();
    shop.server.guard = askForTokens({ read: token, write: token });
    store = await openStore({ home: shop.folder, keyring: createKeyring([newKey()]) });
    await store.secrets.ensure('credential/git/token', token);
    await store.secrets.ensure('credential/claude/oauth', JSON.stringify({ claudeAiOauth: { accessToken: modelKey } }));
    files = path.join(shop.folder, 'files');
    const { identity, policy } = orderFor({ bundle: '', baseCommit: '' });
    const dependencies = {
      store,
      blobs: filesIn(files),
      repositories: {
        workFolder: path.join(shop.folder, 'work'),
        insecureHosts: [`127.0.0.1:${shop.server.port}`, '127.0.0.1:1'],
        maxRepositoryBytes: 1_000_000,
        cloneDepth: 10,
        gitMinutes: 1,
      },
      publishing: { identity, policy, gitHubHosts: new Map() },
    };
    activities = { ...createRepositoryActivities(dependencies), ...createPublishActivities(dependencies) };
  });
  after(async () => {
    await store?.close();
    await shop?.[Symbol.asyncDispose]();
  });

  const source = () => ({ url: shop.remote.url, credential: { secret: 'credential/git/token' } });
  const run = <Request, Result>(
    activity: (request: Request) => Promise<Result>,
    request: Request,
    scheduledTimestampMs = Date.now(),
  ) =>
    new MockActivityEnvironment({ scheduledTimestampMs }, { logger: new DefaultLogger('ERROR') }).run<
      [Request],
      Result,
      typeof activity
    >(activity, request);

  async function requestFor(content: string): Promise<PublishRequest> {
    const left = await shop.agentLeaves(async ({ write, commit }) => {
      await write({ 'b.txt': content });
      await commit('feat: b');
    });
    await copyFile(left.bundle, path.join(files, 'run.result.bundle'));
    return {
      ...source(),
      runId: 'run-aaaaaaaaaa',
      bundle: 'run.result.bundle',
      baseCommit: left.baseCommit,
      branch: 'claude/b-k3x9a1b2',
      expectedHead: null,
      at: '2026-11-21T18:00:00.000Z',
      secrets: ['credential/claude/'],
    };
  }

  /** The commits for the branch that the stream tells of. */
  async function committed(branch: string): Promise<string[]> {
    const events = await store.events.read(runStream('run-aaaaaaaaaa'), { after: 0, limit: 100 });
    const told = events.filter(({ type }) => type === 'publish.committed');
    const commits = told.map(({ data }) => data as { branch: string; commit: string });
    return commits.flatMap((one) => (one.branch === branch ? [one.commit] : []));
  }

  it('clone, and store the archive', async () => {
    const request = { ...source(), branch: 'nowhere', archive: 'run.repo.tar' };
    const prepared = await run(activities.prepareRepository, request);
    const { size } = await stat(path.join(files, 'run.repo.tar'));
    const baseCommit = await shop.onServer('rev-parse', 'main');
    assert.deepEqual(prepared, {
      branchAsked: 'nowhere',
      branch: 'main',
      fellBack: true,
      baseCommit,
      archiveBytes: size,
    });
  });

  it('show what changed, published or not', async () => {
    const { truncated } = await run(activities.keepDiff, { ...(await requestFor('b\n')), diff: 'run.diff' });
    assert.equal(truncated, false);
    const diff = await readFile(path.join(files, 'run.diff'), 'utf8');
    assert.match(
      diff,
      /^diff --git a\/b.txt b\/b.txt\nnew file mode 100644\n.*\n--- \/dev\/null\n\+\+\+ b\/b.txt\n@@ .* @@\n\+b\n$/s,
    );
  });

  it('publish, as often as they are asked', async () => {
    const request = await requestFor('b\n');
    const published = await run(activities.publishBranch, request);
    assert.deepEqual(await run(activities.publishBranch, request), published);
    assert.deepEqual(await committed(request.branch), published.outcome === 'published' ? [published.commit] : []);
    assert.equal(
      await shop.onServer('rev-parse', request.branch),
      published.outcome === 'published' && published.commit,
    );
  });

  it('tell of the commit before its push, also when the server then refuses that, and once however often they try', async () => {
    const request = { ...(await requestFor('told\n')), branch: 'claude/told-k3x9a1b2' };
    shop.server.guard = askForTokens({ read: token, write: 'another' });
    const refused = () => assert.rejects(run(activities.publishBranch, request), { type: 'PublishFailed' });
    await refused();
    await refused();
    shop.server.guard = askForTokens({ read: token, write: token });
    assert.equal((await committed(request.branch)).length, 1);
  });

  it('hold back what has a credential of the run in it, and give the reasons by path', async () => {
    for (const content of [modelKey, token]) {
      const request = { ...(await requestFor(`key = ${content}\n`)), branch: 'claude/leak-k3x9a1b2' };
      await assert.rejects(
        run(activities.publishBranch, request),
        ({ type, nonRetryable, details, message }: ApplicationFailure) => {
          assert.deepEqual({ type, nonRetryable }, { type: 'PublishRefused', nonRetryable: true });
          const reason = 'The file holds a credential of this run.';
          assert.deepEqual(details, [[{ path: 'b.txt', rule: 'known-secret', reason }]]);
          assert.equal(message, `The changes were not published: b.txt: ${reason}`);
          return true;
        },
      );
    }
    assert.ok((await readdir(files)).includes('run.result.bundle'));
  });

  it('fail by name', async () => {
    const prepare = (changes: object) =>
      run(activities.prepareRepository, {
        ...source(),
        branch: null,
        archive: 'run.repo.tar',
        ...changes,
      });
    await assert.rejects(prepare({ credential: null }), { type: 'RepositoryMissing', nonRetryable: true });
    await assert.rejects(prepare({ credential: { secret: 'credential/none' } }), { type: 'SecretMissing' });
    await assert.rejects(prepare({ credential: { secret: 'credential/claude/oauth' } }), {
      type: 'GitCredentialRefused',
    });
    await assert.rejects(prepare({ url: 'http://git.example/x.git' }), {
      type: 'RepositoryMissing',
      message: /GIT_INSECURE_HOSTS/,
    });
    await assert.rejects(prepare({ url: 'https://git.invalid/x.git' }), {
      type: 'RepositoryUnreachable',
      nonRetryable: false,
    });
    const request = await requestFor('b\n');
    await assert.rejects(run(activities.publishBranch, { ...request, bundle: 'none' }), { type: 'BundleInvalid' });
    await writeFile(path.join(files, 'large'), Buffer.alloc(1_000_001));
    await assert.rejects(run(activities.publishBranch, { ...request, bundle: 'large' }), {
      type: 'RepositoryTooLarge',
    });
  });

  it('give up a server that is away while others wait for the place, sooner where its name has no address', async () => {
    const away = { url: 'http://127.0.0.1:1/x.git', credential: null, branch: null, archive: 'run.repo.tar' };
    const unknown = { ...away, url: 'https://git.invalid/x.git' };
    for (const [request, seconds, nonRetryable] of [
      ...([
        [unknown, 20, false],
        [unknown, 31, true],
      ] as const),
      ...([
        [away, 31, false],
        [away, 301, true],
      ] as const),
    ] as const) {
      const trying = run(activities.prepareRepository, request, Date.now() - seconds * 1000);
      await assert.rejects(trying, { type: 'RepositoryUnreachable', nonRetryable });
    }
  });

  it('leave nothing behind, and the token nowhere', async () => {
    assert.deepEqual(await readdir(path.join(shop.folder, 'work')), []);
    for (const name of await readdir(files)) {
      assert.ok(name === 'run.result.bundle' || !(await readFile(path.join(files, name), 'latin1')).includes(token));
    }
  });
});

function filesIn(folder: string): RunFiles {
  return {
    async put(key, source) {
      await mkdir(folder, { recursive: true });
      await writeFile(path.join(folder, key), source);
      return { bytes: (await readFile(path.join(folder, key))).length };
    },
    async get(key) {
      const names = await readdir(folder);
      return names.includes(key) ? { stream: createReadStream(path.join(folder, key)) } : undefined;
    },
  };
}
