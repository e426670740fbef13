/** What a session's branch goes through while agents work: others push to it, somebody deletes it, a push is cut short. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { until } from '../../engine/until.ts';
import type { RunInput, RunState } from '../../workflows/contract/run.ts';
import { startGitServer, type GitServer } from '../support/git-server.ts';
import { openRunnerHouse, type RunnerHouse } from '../support/runs/runner-house.ts';
import type { RunView } from '../support/runs/run-view.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);
const somebody = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com'];

describe('the branch of a session', () => {
  let git: GitServer;
  let house: RunnerHouse;
  let url: string;

  before(async () => {
    git = await startGitServer();
    url = `http://127.0.0.1:${git.port}${await git.addRepository('app.git', { 'README.md': 'Hello\n' })}`;
    house = await openRunnerHouse({ GIT_INSECURE_HOSTS: `127.0.0.1:${git.port}` });
  });
  after(async () => {
    await house?.[Symbol.asyncDispose]();
    await git.close();
  });

  const onServer = async (...args: string[]) =>
    (await run('git', ['-C', git.folderOf('app.git'), ...args])).stdout.trim();

  async function somebodyPushes(branch: string, file: string, content: string): Promise<string> {
    await using folder = await temporaryFolder();
    const inClone = async (...args: string[]) => await run('git', ['-C', folder.path, ...somebody, ...args]);
    await inClone('clone', '--quiet', '--branch', branch, git.folderOf('app.git'), '.');
    await writeFile(path.join(folder.path, file), content);
    await inClone('add', '--all');
    await inClone('commit', '--quiet', '--message', 'docs: by hand');
    await inClone('push', '--quiet', 'origin', branch);
    return await onServer('rev-parse', branch);
  }

  /** A session in which agents write, and turns that only publish. */
  function newSession() {
    const asked = { repository: { url, branch: null, directory: null, credential: null }, sessionId: randomUUID() };
    const turn = (script: string, more: Partial<RunInput> = {}): Promise<RunView> =>
      house.prompt('Write', { ...asked, options: { command: ['sh', '-c', script] }, ...more });
    const write = async (script: string, more: Partial<RunInput> = {}): Promise<RunState & { branch: string }> => {
      const ended = await (await turn(script, more)).ends();
      return { ...ended, branch: ended.branch ?? '' };
    };
    return { turn, write };
  }

  it('takes the work of a turn on top of what somebody pushed while it was not published', async () => {
    const { write } = newSession();
    const { branch } = await write('echo one > one.txt');
    await write('echo two > two.txt', { publish: 'none' });
    const theirs = await somebodyPushes(branch, 'README.md', 'By hand\n');
    const ended = await write('echo three > three.txt');
    assert.deepEqual([ended.status, ended.branch, ended.error], ['completed', branch, null]);
    assert.equal(await onServer('rev-parse', branch), ended.commit);
    assert.equal(await onServer('rev-parse', `${branch}~1`), theirs);
    assert.equal(await onServer('diff', '--name-only', theirs, branch), 'three.txt\ntwo.txt');
    const next = await write('cat README.md; echo four > four.txt');
    assert.deepEqual([next.text, await onServer('rev-parse', `${branch}~1`)], ['By hand', ended.commit]);
  });

  it('is gone on with beside theirs when both changed the same lines, and nothing of theirs is lost', async () => {
    const { turn, write } = newSession();
    const { branch } = await write('echo one > lines.txt');
    await write('echo two > lines.txt', { publish: 'none' });
    const theirs = await somebodyPushes(branch, 'lines.txt', 'by hand\n');
    const view = await turn('', { onlyPublish: true });
    const ended = await view.ends();
    assert.deepEqual([ended.status, ended.branch, ended.error], ['completed', `${branch}-2`, null]);
    assert.ok((await view.types()).includes('branch.named'));
    assert.equal(await onServer('rev-parse', branch), theirs);
    assert.equal(await onServer('show', `${branch}-2:lines.txt`), 'two');
    const next = await write('echo three >> lines.txt');
    assert.deepEqual([next.branch, await onServer('rev-parse', `${branch}-2~1`)], [`${branch}-2`, ended.commit]);
  });

  it('is made anew when somebody deletes it while there is work that is not published', async () => {
    const { write } = newSession();
    const { branch } = await write('echo one > one.txt');
    await write('echo two > two.txt', { publish: 'none' });
    await onServer('update-ref', '-d', `refs/heads/${branch}`);
    const ended = await write('', { onlyPublish: true });
    assert.deepEqual([ended.status, ended.branch, ended.error], ['completed', branch, null]);
    assert.equal(await onServer('diff', '--name-only', 'main', branch), 'one.txt\ntwo.txt');
  });

  it('is known to have the work of a run that was cancelled when the server had just taken it', async () => {
    const { turn, write } = newSession();
    const hook = path.join(git.folderOf('app.git'), 'hooks/post-receive');
    const arrived = `${hook}.arrived`;
    // Longer than the worker needs to hear of a cancellation.
    await writeFile(hook, `#!/bin/sh\ntouch '${arrived}'\nsleep 8\n`);
    await chmod(hook, 0o755);
    const view = await turn('echo one > one.txt');
    await until('the server has taken it', () => stat(arrived).then(Boolean, () => false), { pollMs: 50 });
    await view.cancel();
    const cancelled = await view.ends();
    await writeFile(hook, '#!/bin/sh\nexit 0\n');
    assert.deepEqual(
      [cancelled.status, cancelled.commit],
      ['cancelled', await onServer('rev-parse', cancelled.branch!)],
    );
    const next = await write('echo two >> one.txt');
    assert.deepEqual([next.status, next.branch], ['completed', cancelled.branch]);
    assert.equal(await onServer('rev-parse', `${next.branch}~1`), cancelled.commit);
  });
});
