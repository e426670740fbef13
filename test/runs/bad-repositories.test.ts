/** Repositories that a run cannot have: it ends with a code that says so, and nothing of it is left. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FailureName } from '../../workflows/contract/failures.ts';
import type { RunRepository } from '../../workflows/contract/run.ts';
import { askForTokens } from '../support/git-guards.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openRunnerHouse, type RunnerHouse } from '../support/runs/runner-house.ts';

describe('a run whose repository is not to be had', () => {
  let git: GitServer;
  let house: RunnerHouse;
  let base: string;

  before(async () => {
    git = await startGitServer();
    base = `http://127.0.0.1:${git.port}`;
    await git.addRepository('private.git', { 'README.md': 'Hello\n' });
    house = await openRunnerHouse({ GIT_INSECURE_HOSTS: `127.0.0.1:${git.port}` });
    const token = 'a-token-that-nobody-takes';
    await house.store.credentials.put('stale', { kind: 'git_token', username: 'x-access-token', token });
  });
  after(async () => {
    await house?.[Symbol.asyncDispose]();
    await git.close();
  });

  async function endsWith(code: FailureName, repository: Partial<RunRepository>): Promise<string> {
    const asked = { url: `${base}/private.git`, branch: null, directory: null, credential: null, ...repository };
    const view = await house.prompt('Work', { repository: asked, options: { command: ['true'] } });
    const ended = await view.ends();
    assert.deepEqual([ended.status, ended.errorCode], ['failed', code]);
    assert.deepEqual(
      (await view.types()).filter((type) => type.startsWith('agent.')),
      [],
    );
    assert.equal((await view.types()).at(-1), 'run.failed');
    assert.deepEqual(await house.things(), []);
    assert.equal(await house.store.doors.read(view.runId), undefined);
    return ended.error ?? '';
  }

  it('says that there is none of that name', async () => {
    await endsWith('RepositoryMissing', { url: `${base}/nowhere.git` });
  });

  it('says that the server does not take the token, and does not show it', async () => {
    git.guard = askForTokens({ read: 'good-for-reading', write: 'good-for-writing' });
    assert.doesNotMatch(await endsWith('GitCredentialRefused', { credential: 'stale' }), /nobody-takes/);
  });

  it('says of one that only known callers may see that there is none', async () => {
    git.guard = askForTokens({ read: 'good-for-reading', write: 'good-for-writing' });
    await endsWith('RepositoryMissing', {});
  });

  it('waits a short while for a host that has no address, and then gives its place to others', async () => {
    const startedAt = Date.now();
    await endsWith('RepositoryUnreachable', { url: 'https://git.invalid/private.git' });
    assert.ok(Date.now() - startedAt < 120_000);
  });
});
