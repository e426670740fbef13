/** One agent host with the plainest of agents: a shell script. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { placesBelow, withCheckoutIn } from '../../agent-host/places.ts';
import { until } from '../../engine/until.ts';
import { openTestDoor } from '../support/agents/door.ts';
import type { TestDoor } from '../support/agents/door.ts';
import { startAgentHost } from '../support/agents/host-process.ts';
import { scriptJob } from '../support/agents/job.ts';
import { assertCounted, play, playIn, texts } from '../support/agents/play.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

describe('an agent host', () => {
  it('tells the start, each line that the program prints, and the end', async () => {
    const { door, end } = await play(scriptJob('echo one; echo \'{"type":"odd","x":[1]}\'; cat'));
    assert.deepEqual(
      door.events.map(({ seq, type }) => [seq, type]),
      [
        [1, 'agent.started'],
        [2, 'agent.message'],
        [3, 'agent.message'],
        [4, 'agent.message'],
        [5, 'agent.ended'],
      ],
    );
    assert.deepEqual(door.messages(), [
      { type: 'text', text: 'one' },
      { type: 'odd', x: [1] },
      { type: 'text', text: 'the prompt' },
    ]);
    assert.deepEqual(pick(end), ['completed', null, 'the prompt']);
  });

  it('tells a message that is nested too deeply without its depths, and goes on', async () => {
    const deep = `printf '{"deep":'; head -c 100000 /dev/zero | tr '\\0' '['; head -c 100000 /dev/zero | tr '\\0' ']'; echo '}'`;
    const { door, end } = await play(scriptJob(`${deep}; echo after`));
    const [first, ...rest] = door.messages();
    assert.match(JSON.stringify(first), /^\{"deep":\[{499}"\[nested deeper than 500 levels\]"\]{499}\}$/);
    assert.deepEqual(rest, [{ type: 'text', text: 'after' }]);
    assert.equal(end.outcome, 'completed');
  });

  it('gives the prompt as a file too, and its images as files', async () => {
    const data = Buffer.from('not really a picture').toString('base64');
    const image = { type: 'image' as const, source: { type: 'base64' as const, media_type: 'image/png', data } };
    const prompt = [{ type: 'text' as const, text: 'look' }, image];
    const { door } = await play(scriptJob('cat "$PAWL_PROMPT_FILE"; echo; cat "$PAWL_PROMPT_IMAGES"', { prompt }));
    assert.deepEqual(texts(door), ['look', 'not really a picture']);
  });

  it('says with which words a program failed', async () => {
    const { end } = await play(scriptJob('echo before; echo the disk is gone >&2; exit 7'));
    assert.deepEqual(pick(end), ['failed', 'sh ended with exit code 7: the disk is gone', 'before']);
  });

  it('fails with clear words for an agent that does not exist, and for a program that does not', async () => {
    const unknown = await play({ ...scriptJob(''), agent: 'Nobody' });
    assert.deepEqual(pick(unknown.end), ['failed', 'there is no agent Nobody', null]);
    const missing = await play({ ...scriptJob(''), options: { command: ['/no/such/program'] } });
    assert.deepEqual(pick(missing.end), ['failed', 'spawn /no/such/program ENOENT', null]);
  });

  it('hands in what the program made as a bundle that stands alone when there is no repository', async () => {
    await using folder = await temporaryFolder();
    const { door, end } = await playIn(folder.path, scriptJob('echo made > made.txt'));
    assert.deepEqual(end.files, ['result.bundle']);
    const clone = path.join(folder.path, 'clone');
    await run('git', ['clone', '--quiet', '--branch=main', door.file('result.bundle'), clone]);
    await access(path.join(clone, 'made.txt'));
  });

  it('lets the program work in a folder of the name that the job says, whatever else is called so', async () => {
    for (const directory of ['hello-world', 'spool', 'repo']) {
      await using folder = await temporaryFolder();
      const { door, end } = await playIn(folder.path, scriptJob('pwd; echo made > made.txt', { directory }));
      assert.deepEqual(texts(door), [path.join(folder.path, 'work/repo', directory)]);
      assert.deepEqual(end.files, ['result.bundle']);
    }
  });

  it('begins when its job is written, and ends without a word when it is cancelled before', async () => {
    for (const isWritten of [true, false]) {
      await using folder = await temporaryFolder();
      await using door = await openTestDoor(folder.path, { job: scriptJob('echo at last') });
      door.hasJob = false;
      await using host = startAgentHost(door.folder, path.join(folder.path, 'work'));
      await until('the job is asked for again', () => door.wanted.length > 2);
      assert.deepEqual(door.events, []);
      if (isWritten) door.hasJob = true;
      else host.kill('SIGTERM');
      assert.equal(await host.exited, isWritten ? 0 : 1);
      assert.deepEqual(texts(door), isWritten ? ['at last'] : []);
    }
  });

  it('works in no folder whose name leads elsewhere', () => {
    const places = placesBelow('/work');
    assert.deepEqual(withCheckoutIn(places, ''), places);
    for (const name of ['..', '.', '../state', 'a/b', '/etc', 'a/']) {
      assert.throws(() => withCheckoutIn(places, name), /no name of a folder/, name);
    }
  });

  it('gives the next turn what the program kept for it', async () => {
    await using folder = await temporaryFolder();
    const first = await playIn(path.join(folder.path, '1'), scriptJob('echo kept > "$PAWL_SESSION_DIR/note"'));
    assert.deepEqual(first.end.files, ['session.tar']);
    const resume = { providerSessionId: first.end.providerSessionId ?? '', archive: 'session.tar' };
    const job = scriptJob('cat "$PAWL_SESSION_DIR/note"; echo "$PAWL_SESSION_ID"', { resume });
    const second = await playIn(path.join(folder.path, '2'), job, { 'session.tar': first.door.file('session.tar') });
    assert.deepEqual(texts(second.door), ['kept', resume.providerSessionId]);
  });

  it('refuses a turn whose conversation is not there', async () => {
    const resume = { providerSessionId: 'x', archive: 'session.tar' };
    const { end } = await play(scriptJob('echo never', { resume }));
    assert.deepEqual(pick(end), ['failed', 'the run has no file session.tar', null]);
  });

  it('waits for a gateway that is away, and loses nothing meanwhile', async () => {
    await using folder = await temporaryFolder();
    const job = scriptJob('echo before; while [ ! -e go ]; do sleep 0.05; done; for i in $(seq 500); do echo $i; done');
    await using door = await openTestDoor(folder.path, { job });
    const work = path.join(folder.path, 'work');
    await using host = startAgentHost(door.folder, work);
    await door.told('agent.message');
    await door.close();
    await writeFile(path.join(work, 'repo/go'), '');
    await until('the agent has ended', () => exists(path.join(work, 'spool/outcome.json')));
    await door.open();
    assert.equal(await host.exited, 0);
    const numbers = Array.from({ length: 500 }, (_, index) => String(index + 1));
    assert.deepEqual(texts(door), ['before', ...numbers]);
    assertCounted(door);
  });

  it('ends an agent that is cancelled with all that it started, and keeps what was done', async () => {
    await using folder = await temporaryFolder();
    const job = scriptJob('echo work > work.txt; trap "" TERM; echo $$; sleep 300 & while :; do sleep 0.1; done');
    await using door = await openTestDoor(folder.path, { job });
    await using host = startAgentHost(door.folder, path.join(folder.path, 'work'));
    await door.told('agent.message');
    host.kill('SIGTERM');
    assert.equal(await host.exited, 0);
    const end = door.end();
    assert.deepEqual([end.outcome, end.reason, end.files], ['aborted', 'cancelled', ['result.bundle']]);
    // A process without parents may wait as a zombie for the machine's first process.
    const status = await readFile(`/proc/${String(texts(door)[0])}/stat`, 'utf8').catch(() => '0 (gone) Z');
    assert.match(status, /\) Z/);
  });

  it('stops an agent whose time is over, and one that fills the volume', async () => {
    const late = await play(scriptJob('sleep 300', { limits: { minutes: 0.005 } }));
    assert.deepEqual(pick(late.end), ['limit', 'the limit of 0.005 minutes is reached', null]);
    for (const file of ['big', '../beside-the-checkout']) {
      const script = `head -c 30000000 /dev/zero > ${file}; sleep 300`;
      const full = await play(scriptJob(script, { limits: { minutes: 5, diskMegabytes: 20 } }));
      assert.deepEqual(pick(full.end), ['limit', 'the volume holds more than 20 MB', null]);
    }
  });

  it('keeps what a program prints on its standard error within bounds', async () => {
    const { door } = await play(
      scriptJob('yes "a line that is printed again and again" | head -n 100000 >&2; echo done'),
    );
    const logs = door.events
      .filter(({ type }) => type === 'agent.log')
      .map(({ data }) => (data as { text: string }).text);
    assert.equal(logs.at(-1), '… the agent prints more than is kept');
    assert.ok(logs.join('\n').length < 300 * 1024);
    assertCounted(door);
  });
});

function pick({ outcome, reason, text }: ReturnType<TestDoor['end']>): unknown[] {
  return [outcome, reason, text];
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
