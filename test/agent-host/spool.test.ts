import assert from 'node:assert/strict';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openSpool } from '../../agent-host/spool.ts';
import type { NumberedEvent } from '../../agent-host/events.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const secret = 'a-secret-token';

describe('the spool of an agent host', () => {
  it('numbers events from 1 and goes on counting after a restart', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, ['a', 'b']);
    await fill(folder.path, ['c']);
    assert.deepEqual(await messages(folder.path), [
      [1, 'a'],
      [2, 'b'],
      [3, 'c'],
    ]);
  });

  it('knows after a restart whether an agent was started, and whether its end was told', async () => {
    await using folder = await temporaryFolder();
    {
      await using spool = await openSpool(folder.path, secret);
      assert.deepEqual([spool.found.isStarted, spool.found.isEnded], [false, false]);
      await spool.append('agent.started', { agent: 'command', version: null, resumed: null });
      await spool.flushed();
    }
    await using spool = await openSpool(folder.path, secret);
    assert.deepEqual([spool.found.isStarted, spool.found.isEnded], [true, false]);
  });

  it('gives every whole event its old number and every half one anew, wherever its host died while it wrote', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, ['one', 'two\nlines', 'drei – ünïcode', 'four']);
    const file = path.join(folder.path, 'events.ndjson');
    const whole = await readFile(file);
    const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);

    for (let length = 0; length <= whole.length; length += 1) {
      await writeFile(file, whole);
      await truncate(file, length);
      await fill(folder.path, ['next']);
      const survivors = ends.filter((end) => end <= length).length;
      const told = await messages(folder.path);
      assert.equal(told.length, survivors + 1, `cut at ${length}`);
      assert.deepEqual(told.at(-1), [survivors + 1, 'next'], `cut at ${length}`);
    }
  });

  it('cuts off what a power cut filled with zeros', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, ['kept']);
    const file = path.join(folder.path, 'events.ndjson');
    await writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(64), Buffer.from('\n')]));
    await fill(folder.path, ['next']);
    assert.deepEqual(await messages(folder.path), [
      [1, 'kept'],
      [2, 'next'],
    ]);
  });

  it('never holds the token of the run', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, [`TOKEN=${secret}`]);
    assert.deepEqual(await messages(folder.path), [[1, 'TOKEN=[run token]']]);
  });

  it('tells the beginning of a message that is too big, and its size', async () => {
    await using folder = await temporaryFolder();
    await fill(folder.path, ['x'.repeat(5 * 1024 ** 2)]);
    const [event] = await events(folder.path);
    const { omittedBytes, start } = event?.data as { omittedBytes: number; start: string };
    assert.equal(omittedBytes, 5 * 1024 ** 2 + '{"message":""}'.length);
    assert.ok(start.startsWith('{"message":"xxx'));
    assert.ok(start.length < 100_000);
  });
});

async function fill(folder: string, texts: string[]): Promise<void> {
  await using spool = await openSpool(folder, secret);
  for (const message of texts) await spool.append('agent.message', { message });
  await spool.flushed();
}

async function events(folder: string): Promise<NumberedEvent[]> {
  const lines = (await readFile(path.join(folder, 'events.ndjson'), 'utf8')).trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as NumberedEvent);
}

async function messages(folder: string): Promise<[number, unknown][]> {
  return (await events(folder)).map(({ seq, data }) => [seq, (data as { message: unknown }).message]);
}
