/** Turns of one session of which nobody published the files. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { openTestDoor } from '../support/agents/door.ts';
import { startAgentHost } from '../support/agents/host-process.ts';
import { scriptJob } from '../support/agents/job.ts';
import { playIn, texts } from '../support/agents/play.ts';
import { bareRepositoryTar } from '../support/agents/repository.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('a turn after one that was not published', () => {
  it('has its files, and hands them in with its own', async () => {
    await using folder = await temporaryFolder();
    const repository = await bareRepositoryTar(folder.path, { 'README.md': 'A repository.\n' });
    let inputs: Record<string, string> = { 'repo.tar': repository.archive };
    const turn = async (n: number, script: string) => {
      const job = scriptJob(script, {
        repository: { ...repository.job, branch: `claude/work-${n}` },
        ...(n > 1 && { unpublished: 'before.bundle' }),
      });
      const { door, end } = await playIn(path.join(folder.path, String(n)), job, inputs);
      inputs = { ...inputs, 'before.bundle': door.file('result.bundle') };
      return { end, printed: texts(door) };
    };
    await turn(1, 'echo one > one.txt; git add . && git commit -qm "one"; echo loose > loose.txt');
    const second = await turn(2, 'git log --format=%s; git status --porcelain; echo two > two.txt; exit 1');
    assert.deepEqual(second.printed, ['one', 'first', '?? loose.txt']);
    assert.equal(second.end.outcome, 'failed');
    const third = await turn(3, 'ls; rm one.txt');
    assert.deepEqual(third.printed, ['README.md', 'loose.txt', 'one.txt', 'two.txt']);
    await run('git', ['-C', repository.bare, 'fetch', '--quiet', inputs['before.bundle'] ?? '', 'claude/work-3']);
    const { stdout } = await run('git', ['-C', repository.bare, 'ls-tree', '--name-only', 'FETCH_HEAD']);
    assert.equal(stdout, 'README.md\nloose.txt\ntwo.txt\n');
  });

  it('has its files also where there is no repository', async () => {
    await using folder = await temporaryFolder();
    const first = await playIn(path.join(folder.path, '1'), scriptJob('echo one > one.txt'));
    const inputs = { 'before.bundle': first.door.file('result.bundle') };
    const job = scriptJob('cat one.txt', { unpublished: 'before.bundle' });
    const second = await playIn(path.join(folder.path, '2'), job, inputs);
    assert.deepEqual([texts(second.door), second.end.files], [['one'], ['result.bundle']]);
  });

  it('goes on from the last checkpoint of one that never came to its end, with its conversation', async () => {
    await using folder = await temporaryFolder();
    const script = 'echo note > "$PAWL_SESSION_DIR/note"; echo one > one.txt; echo "$PAWL_SESSION_ID"';
    const waiting = 'while [ -e one.txt ]; do sleep 0.1; done';
    const first = scriptJob(`${script}; ${waiting}`, { limits: { minutes: 5, checkpointSeconds: 0 } });
    await using door = await openTestDoor(path.join(folder.path, '1'), { job: first });
    await using host = startAgentHost(door.folder, path.join(folder.path, 'work'));
    await door.told('checkpoint.saved');
    host.kill('SIGKILL');
    const second = scriptJob('cat one.txt "$PAWL_SESSION_DIR/note"; echo "$PAWL_SESSION_ID"', {
      unpublished: 'before.tar',
    });
    const inputs = { 'before.tar': door.file('checkpoint.tar') };
    const { door: after } = await playIn(path.join(folder.path, '2'), second, inputs);
    assert.deepEqual(texts(after), ['one', 'note', ...texts(door)]);
  });

  it('fails with clear words when they do not fit onto the repository', async () => {
    await using folder = await temporaryFolder();
    const [one, other] = await Promise.all(
      ['one', 'other'].map(async (name) => {
        const root = path.join(folder.path, name);
        return { root, ...(await bareRepositoryTar(root, { 'name.txt': name })) };
      }),
    );
    assert.ok(one && other);
    const first = await playIn(one.root, scriptJob('echo x > x.txt', { repository: one.job }), {
      'repo.tar': one.archive,
    });
    const { end } = await playIn(
      other.root,
      scriptJob('echo never', { repository: other.job, unpublished: 'before.bundle' }),
      { 'repo.tar': other.archive, 'before.bundle': first.door.file('result.bundle') },
    );
    assert.equal(end.outcome, 'failed');
    assert.match(
      end.reason ?? '',
      /^what the turn before left cannot be taken up: .*lacks these prerequisite commits/s,
    );
    assert.deepEqual(end.files, []);
  });
});
