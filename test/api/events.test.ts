import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { followEvents } from '../../api/events/follow-events.ts';
import { eventStream, storedFrame } from '../../api/sse.ts';
import type { StreamTails } from '../../api/stream-tails.ts';
import { eventsOfWorkspace } from '../../api/workspaces/events.ts';
import { until } from '../../engine/until.ts';
import { workspaceStream } from '../../workflows/contract/workspace.ts';
import { openApi, ownerToken, type Api } from '../support/api.ts';

const id = 'ws-aaaaaa';

async function append(api: Api, first: number, last: number, type = 'boot.step'): Promise<void> {
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index);
  await api.store.events.append(
    workspaceStream(id),
    numbers.map((number) => ({ key: `test:${number}`, type, data: { number } })),
  );
}

interface Follower {
  status: number;
  headers: Headers;
  /** Sequence numbers so far. */
  seen: number[];
  types: string[];
  ended: Promise<void>;
  hangUp(): void;
}

async function follow(api: Api, query = '', headers: Record<string, string> = {}): Promise<Follower> {
  const hangUp = new AbortController();
  const response = await fetch(`${api.url}/vms/${id}/events${query}`, {
    headers: { Authorization: `Bearer ${ownerToken}`, ...headers },
    signal: hangUp.signal,
  });
  const seen: number[] = [];
  const types: string[] = [];
  const read = async (): Promise<void> => {
    if (!response.body) return;
    const events = response.body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
    for await (const { id: seq, event, data } of events) {
      assert.equal((JSON.parse(data) as { seq: number }).seq, Number(seq));
      seen.push(Number(seq));
      types.push(event ?? '');
    }
  };
  const ended = read().catch(() => undefined);
  return { status: response.status, headers: response.headers, seen, types, ended, hangUp: () => hangUp.abort() };
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

describe('following a workspace', () => {
  it('replays what was, goes on live without gap or repeat, and ends with the last event', async () => {
    await using api = await openApi();
    await append(api, 1, 450);
    const follower = await follow(api);
    assert.match(follower.headers.get('content-type') ?? '', /^text\/event-stream/);
    await until('the replay is through', () => follower.seen.length === 450);
    for (let number = 451; number <= 470; number += 1) await append(api, number, number);
    await append(api, 471, 471, 'workspace.stopped');
    await follower.ended;
    assert.deepEqual(follower.seen, range(1, 471));
    assert.equal(follower.types.at(-1), 'workspace.stopped');
  });

  it('begins behind Last-Event-ID, which goes before ?after=', async () => {
    await using api = await openApi();
    await append(api, 1, 9);
    await append(api, 10, 10, 'workspace.failed');
    const [fromStart, afterQuery, afterHeader] = [
      await follow(api),
      await follow(api, '?after=4'),
      await follow(api, '?after=4', { 'Last-Event-ID': '8' }),
    ];
    await Promise.all([fromStart.ended, afterQuery.ended, afterHeader.ended]);
    assert.deepEqual(fromStart.seen, range(1, 10));
    assert.deepEqual(afterQuery.seen, range(5, 10));
    assert.deepEqual(afterHeader.seen, [9, 10]);
  });

  it('waits at a cursor beyond the end, and does not hold up those who are there already', async () => {
    await using api = await openApi();
    await append(api, 1, 3);
    const [ahead, here] = [await follow(api, '?after=5'), await follow(api, '?after=3')];
    await append(api, 4, 7);
    await append(api, 8, 8, 'workspace.stopped');
    await Promise.all([ahead.ended, here.ended]);
    assert.deepEqual(ahead.seen, [6, 7, 8]);
    assert.deepEqual(here.seen, range(4, 8));
  });

  it('tells a browser that comes back after the last event, or beyond it, to stay away', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    await append(api, 2, 2, 'workspace.stopped');
    for (const id of ['2', '3', '999']) {
      const back = await follow(api, '', { 'Last-Event-ID': id });
      assert.equal(back.status, 204);
    }
  });

  it('gives fifty followers the same, from one read', async () => {
    await using api = await openApi();
    await append(api, 1, 5);
    const followers = await Promise.all(Array.from({ length: 50 }, () => follow(api)));
    await until('all replays are through', () => followers.every(({ seen }) => seen.length === 5));

    const read = api.store.events.read.bind(api.store.events);
    let [reads, readsOfTheNew] = [0, 0];
    api.store.events.read = async (stream, options) => {
      reads += 1;
      const page = await read(stream, options);
      if (page.some(({ seq }) => seq === 6)) readsOfTheNew += 1;
      return page;
    };
    // Whoever came to the end at a moment of his own has joined the others by then.
    await until('the poller looked', () => reads >= 3);
    await append(api, 6, 6, 'workspace.stopped');
    await Promise.all(followers.map(({ ended }) => ended));
    for (const { seen } of followers) assert.deepEqual(seen, range(1, 6));
    assert.equal(readsOfTheNew, 1);
  });

  it('keeps nothing for a follower that hung up', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    const follower = await follow(api);
    await until('the replay is through', () => follower.seen.length === 1);
    assert.match((await api.call('GET', '/metrics')).text, /^pawl_sse_subscribers 1$/m);
    follower.hangUp();
    await until('the subscriber is gone', async () =>
      /^pawl_sse_subscribers 0$/m.test((await api.call('GET', '/metrics')).text),
    );
  });

  it('ends when the process is told to stop', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    const follower = await follow(api);
    await until('the replay is through', () => follower.seen.length === 1);
    api.shutDown();
    await follower.ended;
    assert.deepEqual(follower.seen, [1]);
  });

  it('survives a store that does not answer for a while', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    const follower = await follow(api);
    await until('the replay is through', () => follower.seen.length === 1);
    const read = api.store.events.read.bind(api.store.events);
    let failures = 0;
    api.store.events.read = async (stream, options) => {
      if (failures < 2) throw new Error(`away (${(failures += 1)})`);
      return read(stream, options);
    };
    await until('the poller failed twice', () => failures === 2);
    await append(api, 2, 2, 'workspace.stopped');
    await follower.ended;
    assert.deepEqual(follower.seen, [1, 2]);
  });

  it('refuses a Last-Event-ID that no event has', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    for (const cursor of ['x', '-1', '1.5', '1e99']) {
      const { status, body } = await api.call('GET', `/vms/${id}/events`, { headers: { 'Last-Event-ID': cursor } });
      assert.deepEqual([status, body['error']], [400, 'invalid_cursor'], cursor);
    }
  });
});

describe('a stream without events', () => {
  it('carries a comment each time it was quiet for a while', async () => {
    await using api = await openApi();
    const quiet: StreamTails = { newsBeyond: async () => [] };
    const events = followEvents(
      { ...api.services, tails: quiet },
      eventsOfWorkspace(id),
      0,
      AbortSignal.timeout(60_000),
    );
    const stream = eventStream(events, storedFrame, { onBegin: () => undefined, onEnd: () => undefined });
    const chunks: string[] = [];
    for await (const chunk of stream.setEncoding('utf8')) {
      chunks.push(String(chunk));
      if (chunks.length === 3) break;
    }
    assert.deepEqual(chunks, [': open\n\n', ': still here\n\n', ': still here\n\n']);
  });
});

describe('a stream followed from beyond its last event', () => {
  it('ends once that is there', async () => {
    await using api = await openApi();
    await append(api, 1, 2);
    const services = { ...api.services, tails: { newsBeyond: async () => [] } };
    const events = followEvents(services, eventsOfWorkspace(id), 9, AbortSignal.timeout(60_000));
    assert.deepEqual(await events.next(), { done: false, value: null });
    await append(api, 3, 3, 'workspace.stopped');
    assert.deepEqual(await events.next(), { done: true, value: undefined });
  });
});

describe('a slow follower', () => {
  it('makes the server wait instead of holding its events in memory', async () => {
    await using api = await openApi();
    const text = 'x'.repeat(10_000);
    const events = range(1, 3000).map((number) => ({ key: `test:${number}`, type: 'boot.step', data: { text } }));
    for (let at = 0; at < events.length; at += 500) {
      await api.store.events.append(workspaceStream(id), events.slice(at, at + 500));
    }
    const read = api.store.events.read.bind(api.store.events);
    let furthest = 0;
    api.store.events.read = (stream, options) => {
      furthest = Math.max(furthest, options.after);
      return read(stream, options);
    };
    const response = await fetch(`${api.url}/vms/${id}/events`, { headers: { Authorization: `Bearer ${ownerToken}` } });
    // Other answers go through meanwhile, and the unread stream does not advance to its end.
    for (let round = 0; round < 50; round += 1) assert.equal((await api.call('GET', '/health')).status, 200);
    assert.ok(furthest < 2800, `the server read ahead to ${furthest}`);
    await response.body?.cancel();
  });
});

describe('events as JSON', () => {
  it('come in pages that go on where the last one ended', async () => {
    await using api = await openApi();
    await append(api, 1, 5);
    const page = async (after: number) =>
      (await api.call('GET', `/vms/${id}/events?limit=3&after=${after}`, { headers: { Accept: 'application/json' } }))
        .body as { events: { seq: number }[]; nextAfter: number };
    const [first, second, third] = [await page(0), await page(3), await page(5)];
    assert.deepEqual(
      first.events.map(({ seq }) => seq),
      [1, 2, 3],
    );
    assert.deepEqual(
      second.events.map(({ seq }) => seq),
      [4, 5],
    );
    assert.deepEqual([first.nextAfter, second.nextAfter, third.nextAfter], [3, 5, 5]);
  });

  it('are refused in any other media type', async () => {
    await using api = await openApi();
    await append(api, 1, 1);
    const { status, body } = await api.call('GET', `/vms/${id}/events`, { headers: { Accept: 'text/csv' } });
    assert.deepEqual([status, body['error']], [406, 'not_acceptable']);
  });
});
