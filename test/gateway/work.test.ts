import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { DoorPolicy } from '../../store/door-policy.ts';
import { runFilesPrefix, runJobKey } from '../../store/run-blobs.ts';
import { openGateway } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';

describe('the job of a run', () => {
  it('is what was written for it', async () => {
    await using pawl = await openGateway();
    const [door, other] = [await pawl.door(), await pawl.door()];
    await pawl.blobs.put(runJobKey(door.runId), Readable.from(['{"agent":"claude"}']), { maxBytes: 100 });
    assert.deepEqual((await door.call('GET', '/pawl/job')).body, { agent: 'claude' });
    assert.equal((await other.call('GET', '/pawl/job')).status, 404);
    assert.equal((await door.call('GET', '/pawl/job', { token: other.token })).status, 401);
    assert.equal((await door.call('PUT', '/pawl/job', { body: '{}' })).status, 404);
  });
});

describe('the files of a run', () => {
  it('go in and out whole, whatever bytes they have', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const bytes = randomBytes(5 * 1024 * 1024);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const put = await door.call('PUT', '/pawl/files/result.bundle', { body: Readable.from([bytes]) });
    assert.deepEqual([put.status, put.body], [201, { bytes: bytes.length, sha256 }]);
    const got = await door.open('GET', '/pawl/files/result.bundle');
    assert.equal(got.headers['content-length'], String(bytes.length));
    const hash = createHash('sha256');
    for await (const chunk of got) hash.update(chunk as Buffer);
    assert.equal(hash.digest('hex'), sha256);
  });

  it('are this run’s alone, and have plain names', async () => {
    await using pawl = await openGateway();
    const [door, other] = [await pawl.door(), await pawl.door()];
    await door.call('PUT', '/pawl/files/a.txt', { body: 'mine' });
    assert.equal((await door.call('GET', '/pawl/files/a.txt')).text, 'mine');
    assert.equal((await other.call('GET', '/pawl/files/a.txt')).status, 404);
    const names = [
      '..',
      '.',
      '',
      'A',
      'a%2fb',
      '%2e%2e',
      `..%2f..%2f${other.runId}%2fjob.json`,
      'ä',
      'a b',
      'x'.repeat(65),
    ];
    for (const name of names) {
      assert.equal((await door.call('PUT', `/pawl/files/${encodeURI(name)}`, { body: 'x' })).status, 404, name);
    }
    const keys = await keysOf(pawl, 'run/');
    assert.deepEqual(keys, [`${runFilesPrefix(door.runId)}a.txt`]);
  });

  it('keep what was there when a new one breaks off or is too large', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ files: { maxBytes: 1000, maxTotalBytes: 1500 } });
    const put = (name: string, body: unknown) => door.call('PUT', `/pawl/files/${name}`, { body });
    assert.equal((await put('a', 'first')).status, 201);

    assert.equal((await put('a', 'x'.repeat(1001))).status, 413);
    assert.equal((await put('a', Readable.from(['x'.repeat(600), 'x'.repeat(600)]))).status, 413);
    const leave = new AbortController();
    const slow = new Readable({ read: () => undefined });
    slow.push('half');
    const broken = door.open('PUT', '/pawl/files/a', { body: slow, signal: leave.signal });
    await until('the upload has begun', async () => (await keysOf(pawl, '')).length >= 1, { pollMs: 10 });
    leave.abort();
    await assert.rejects(broken);

    assert.equal((await door.call('GET', '/pawl/files/a')).text, 'first');
    assert.equal((await put('b', 'x'.repeat(1000))).status, 201);
    assert.equal((await put('c', 'x'.repeat(600))).status, 413, 'together they are too large');
    assert.equal((await put('b', 'x'.repeat(999))).status, 201, 'the one that is replaced does not count');
  });

  it('are a thousand at most, however small', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const name = (n: number) => `${runFilesPrefix(door.runId)}f${n}`;
    for (let n = 0; n < 1000; n++) await pawl.blobs.put(name(n), Readable.from([]), { maxBytes: 1 });
    assert.equal((await door.call('PUT', '/pawl/files/one-more', { body: '' })).status, 413);
    assert.equal((await door.call('PUT', '/pawl/files/f0', { body: 'new' })).status, 201);
  });

  it('keep to the limit when they come all at once', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ files: { maxBytes: 1000, maxTotalBytes: 2500 } });
    const puts = Array.from({ length: 8 }, (_, n) => door.call('PUT', `/pawl/files/f${n}`, { body: 'x'.repeat(1000) }));
    const statuses = (await Promise.all(puts)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 201).length, 2);
    assert.equal(statuses.filter((status) => status === 413).length, 6);
  });
});

describe('the events of an agent host', () => {
  it('are in the run’s stream once, in order, however often they are sent', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const event = (seq: number) => ({
      seq,
      type: 'agent.message',
      data: { message: { n: seq, text: 'NUL \u0000 ü' } },
    });
    const send = async (...seqs: number[]) =>
      (await door.call('POST', '/pawl/events', { body: { events: seqs.map(event) } })).body;

    assert.deepEqual(await send(1, 2), { acked: 2 });
    assert.deepEqual(await send(1, 2), { acked: 2 });
    assert.deepEqual(await send(2, 3, 4), { acked: 4 });

    const events = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ seq, type, data }) => ({ seq, type, data })),
      [1, 2, 3, 4].map(event),
    );
  });

  it('are told how far they are when they ask, also by a host that knows nothing any more', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const send = async (...seqs: number[]) => {
      const events = seqs.map((seq) => ({ seq, type: 'agent.log', data: {} }));
      return (await door.call('POST', '/pawl/events', { body: { events } })).body;
    };
    assert.deepEqual(await send(), { acked: 0 });
    await pawl.store.events.append(`run:${door.runId}`, [{ key: 'run.accepted', type: 'run.accepted', data: {} }]);
    assert.deepEqual(await send(1, 2, 3), { acked: 3 });
    await pawl.store.events.append(`run:${door.runId}`, [{ key: 'agentless', type: 'run.waiting', data: {} }]);
    assert.deepEqual(await send(1), { acked: 3 });
    await pawl.store.doors.close(door.runId);
    await pawl.control.closeDoor(door.runId);
    const again = await pawl.door({}, door.runId);
    assert.deepEqual((await again.call('POST', '/pawl/events', { body: { events: [] } })).body, { acked: 3 });
  });

  it('are refused once the run has no door here any more, though its gateway has not heard of that: nothing follows the last one', async () => {
    await using pawl = await openGateway();
    const [door, moved] = [await pawl.door(), await pawl.door()];
    const types = async (runId: string) =>
      (await pawl.store.events.read(`run:${runId}`, { after: 0, limit: 10 })).map(({ type }) => type);
    // Within two seconds the gateway looks, and then nobody listens any more.
    const send = async (of: typeof door) =>
      await of.call('POST', '/pawl/events', { body: { events: [{ seq: 1, type: 'agent.message', data: {} }] } }).then(
        ({ status }) => status,
        () => 410,
      );
    await pawl.store.doors.forget(door.runId);
    await pawl.store.events.append(`run:${door.runId}`, [{ key: 'run:1', type: 'run.failed', data: {} }]);
    assert.equal(await send(door), 410);
    assert.deepEqual(await types(door.runId), ['run.failed']);

    await pawl.store.doors.open({ runId: moved.runId, hostId: 'elsewhere', policy: DoorPolicy.parse({}) });
    assert.equal(await send(moved), 410);
    assert.deepEqual(await types(moved.runId), []);
  });

  it('cannot pose as anybody else’s', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const bad = [
      { events: [{ seq: 1, type: 'run.completed', data: {} }] },
      { events: [{ seq: 1, type: 'agent.message run.completed', data: {} }] },
      { events: [{ seq: 0, type: 'agent.message', data: {} }] },
      { events: [{ seq: 1.5, type: 'agent.message', data: {} }] },
      { events: [{ seq: 1, type: 'agent.message' }] },
      { events: Array.from({ length: 1001 }, (_, n) => ({ seq: n + 1, type: 'agent.log', data: {} })) },
      {},
      '{"events":',
    ];
    for (const body of bad) assert.equal((await door.call('POST', '/pawl/events', { body })).status, 400);
    assert.deepEqual(await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 }), []);
  });

  it('lose their data where it is nested too deeply, and hold nothing up', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    for (const levels of [1000, 1001, 3000, 100_000]) {
      const data = '['.repeat(levels) + ']'.repeat(levels);
      const body = `{"events":[{"seq":${levels},"type":"agent.message","data":${data}}]}`;
      assert.deepEqual((await door.call('POST', '/pawl/events', { body })).body, { acked: levels });
    }
    const events = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.equal(JSON.stringify(events[0]?.data).length, 2000);
    assert.deepEqual(
      events.slice(1).map(({ data }) => data),
      Array.from({ length: 3 }, () => ({ omittedBeyondLevel: 1000 })),
    );
  });

  it('are taken however many there were before', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    for (const seq of [1_000_001, Number.MAX_SAFE_INTEGER]) {
      const body = { events: [{ seq, type: 'agent.log', data: null }] };
      assert.deepEqual((await door.call('POST', '/pawl/events', { body })).body, { acked: seq });
    }
  });

  it('lose their data, and nothing else, where they are too large; the last one keeps it', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ events: { maxBytes: 1000 } });
    const send = (seq: number, type: string, length: number) =>
      door.call('POST', '/pawl/events', { body: { events: [{ seq, type, data: 'x'.repeat(length) }] } });

    await send(1, 'agent.message', 600);
    await send(2, 'agent.message', 600);
    await send(3, 'agent.log', 10);
    await send(4, 'agent.ended', 2000);

    const events = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ data }) => (typeof data === 'string' ? data.length : data)),
      [600, { omittedBytes: 602 }, 10, 2000],
    );
  });

  it('are read one batch after the other, so that a container cannot fill the memory of all', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const first = new PassThrough();
    first.write('{"events":[');
    const slow = door.call('POST', '/pawl/events', { body: first });
    await until('the first batch is being read', () => first.readableLength === 0, { pollMs: 5 });
    const [size, chunk] = [200, 'x'.repeat(100_000)];
    let taken = 0;
    const large = Readable.from(
      (function* () {
        yield '{"events":[],"rest":"';
        for (; taken < size; taken++) yield chunk;
        yield '"}';
      })(),
    );
    const waiting = door.call('POST', '/pawl/events', { body: large });
    await until('the second batch has begun', () => taken > 0, { pollMs: 5 });
    // Time enough for the gateway to read it, if it did.
    for (let n = 0; n < 100; n++) await door.call('GET', '/pawl/job');
    assert.ok(taken < size, 'it waits where it comes from');

    first.end(']}');
    assert.deepEqual([(await slow).status, (await waiting).status, taken], [200, 200, size]);
  });

  it('are refused as a whole when a batch is out of all proportion', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const body = Readable.from(
      (function* () {
        yield '{"events":[{"seq":1,"type":"agent.message","data":"';
        for (let n = 0; n < 40; n++) yield 'x'.repeat(1024 * 1024);
        yield '"}]}';
      })(),
    );
    assert.equal((await door.call('POST', '/pawl/events', { body })).status, 413);
  });
});

async function keysOf({ blobs }: TestGateway, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of blobs.list(prefix)) keys.push(key);
  return keys.toSorted();
}
