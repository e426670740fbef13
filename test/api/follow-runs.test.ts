import assert from 'node:assert/strict';
import { after, before, describe, it, mock } from 'node:test';
import { until } from '../../engine/until.ts';
import { runWorkflowId } from '../../workflows/contract/run.ts';
import { readEvents, type EventReader } from '../support/event-reader.ts';
import { openRunsApi, type RunsApi } from '../support/runs/runs-api.ts';

const quietMs = 200;

describe('the stream of a run, and that of its session', () => {
  let runs: RunsApi;
  before(async () => {
    runs = await openRunsApi();
    const { tails } = runs.api.services;
    const newsBeyond = tails.newsBeyond.bind(tails);
    // A quiet while that a test can wait for.
    mock.method(tails, 'newsBeyond', (...[stream, cursor, options]: Parameters<typeof newsBeyond>) =>
      newsBeyond(stream, cursor, { ...options, timeoutMs: quietMs }),
    );
  });
  after(() => runs[Symbol.asyncDispose]());

  const streamsOf = ({ id, sessionId }: { id: string; sessionId: string }) => [
    `${runs.api.url}/runs/${id}/events`,
    `${runs.api.url}/sessions/${sessionId}/stream`,
  ];
  const working = async (body: Record<string, unknown> = {}) => {
    const run = await runs.create(body);
    await runs.reaches(run.id, 'working');
    return run;
  };
  const hasTold = (reader: EventReader, text: string) => JSON.stringify(reader.events).includes(text);

  it('go on behind ?after= and behind Last-Event-ID without gap or repeat, while the run goes on and afterwards', async () => {
    const run = await working();
    await runs.says(run.id, 'one', 'two', 'three');
    const begun = await Promise.all(
      streamsOf(run).map(async (address) => ({ address, start: await readEvents(address) })),
    );
    const resumed: [start: EventReader, at: number, reader: EventReader][] = [];
    const resume = async (address: string, start: EventReader, at: number): Promise<void> => {
      const id = start.ids[at]!;
      const query = await readEvents(`${address}?after=${encodeURIComponent(id)}`);
      const header = await readEvents(address, { headers: { 'Last-Event-ID': id } });
      resumed.push([start, at, query], [start, at, header]);
    };
    for (const { address, start } of begun) {
      await until('all was told', () => hasTold(start, 'three'));
      for (const at of [0, 2, start.ids.length - 1]) await resume(address, start, at);
    }
    await runs.says(run.id, 'four', 'five');
    await runs.ends(run.id);
    await Promise.all(begun.map(({ start }) => start.ended));
    for (const { address, start } of begun) await resume(address, start, start.ids.length - 2);
    for (const [start, at, reader] of resumed) {
      await reader.ended;
      assert.deepEqual(reader.ids, start.ids.slice(at + 1));
      assert.deepEqual(reader.events, start.events.slice(at + 1));
    }
  });

  it('end for who waits beyond the end, and tell of the session’s later turns', async () => {
    const first = await working({ sessionId: 'beyond' });
    const [ofRun, ofSession] = streamsOf(first) as [string, string];
    const ahead = [
      await readEvents(`${ofRun}?after=999`),
      await readEvents(`${ofSession}?after=${first.id}:999`),
    ] as const;
    assert.deepEqual(
      ahead.map(({ status }) => status),
      [200, 200],
    );
    const second = await runs.create({ sessionId: 'beyond' });
    await runs.ends(first.id);
    await runs.ends(second.id);
    await Promise.all(ahead.map(({ ended }) => ended));
    assert.deepEqual(ahead[0].ids, []);
    assert.ok(ahead[1].ids.length > 0 && ahead[1].ids.every((id) => id.startsWith(second.id)), ahead[1].ids.join());
    assert.equal(ahead[1].events.at(-1)?.['type'], 'completed');
    assert.equal((await readEvents(`${ofRun}?after=999`)).status, 204);
    await until(
      'the session is over',
      async () => (await readEvents(`${ofSession}?after=${second.id}:999`)).status === 204,
    );
  });

  it('end when an operator ended the run from outside, and tell a browser that comes back to stay away', async () => {
    const run = await working({ sessionId: 'terminated' });
    const readers = await Promise.all(streamsOf(run).map((address) => readEvents(address)));
    await until('all was told', () => readers.every((reader) => reader.ids.length > 2));
    await runs.house.client.workflow.getHandle(runWorkflowId(run.id)).terminate('by hand');
    await Promise.all(readers.map(({ ended }) => ended));
    for (const [index, address] of streamsOf(run).entries()) {
      const last = readers[index]!.ids.at(-1)!;
      await until('it is over', async () => {
        const back = await readEvents(address, { headers: { 'Last-Event-ID': last } });
        back.hangUp();
        return back.status === 204;
      });
    }
  });
});
