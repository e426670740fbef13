import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { readEvents } from '../support/event-reader.ts';
import { openRunsApi, simpleRun, type RunsApi } from '../support/runs/runs-api.ts';

const clients = 200;
const messages = 400;
const batch = 20;

/** What a client knows after as many connections as it took. */
interface Client {
  ids: string[];
  events: unknown[];
  connections: number;
}

describe('two hundred clients that drop at random', () => {
  let runs: RunsApi;
  before(async () => void (runs = await openRunsApi()));
  after(() => runs[Symbol.asyncDispose]());

  /** Hangs up after a few events, and comes back behind the last one that it saw, until there is nothing more to see. */
  async function follow(address: string, isLast: (event: Record<string, unknown>) => boolean): Promise<Client> {
    const client: Client = { ids: [], events: [], connections: 0 };
    for (;;) {
      const last = client.ids.at(-1);
      const reader = await readEvents(address, { headers: last === undefined ? {} : { 'Last-Event-ID': last } });
      client.connections += 1;
      if (reader.status === 204) return client;
      const patience = randomInt(1, 200);
      const isOver = (): boolean => reader.events.some(isLast);
      await Promise.race([reader.ended, until('enough', () => reader.ids.length >= patience || isOver())]);
      reader.hangUp();
      await reader.ended;
      client.ids.push(...reader.ids);
      client.events.push(...reader.events);
      if (isOver()) return client;
    }
  }

  async function storm(
    address: string,
    id: string,
    isLast: (event: Record<string, unknown>) => boolean,
  ): Promise<void> {
    const following = Array.from({ length: clients }, () => follow(address, isLast));
    await runs.reaches(id, 'working');
    for (let first = 0; first < messages; first += batch) {
      await runs.says(id, ...Array.from({ length: batch }, (_, index) => ({ text: `message ${first + index}` })));
    }
    await runs.ends(id);
    const all = await Promise.all(following);

    const whole = await readEvents(address);
    await whole.ended;
    assert.ok(whole.events.filter((event) => JSON.stringify(event).includes('message ')).length === messages);
    for (const { ids, events } of all) {
      assert.deepEqual(ids, whole.ids);
      assert.deepEqual(events, whole.events);
    }
    const connections = all.reduce((sum, client) => sum + client.connections, 0);
    assert.ok(connections > 2 * clients, `${connections} connections: hardly anybody dropped`);
    await until('nobody follows any more', async () =>
      /^pawl_sse_subscribers 0$/m.test((await runs.call('GET', '/metrics')).text),
    );
  }

  it('all know every event of a run exactly once, in order', async () => {
    const { id } = await runs.create();
    await storm(`${runs.api.url}/runs/${id}/events`, id, ({ type }) => type === 'run.completed');
  });

  it('all know every event of a session exactly once, in order', async () => {
    const { id, sessionId } = await runs.create({ ...simpleRun, sessionId: 'storm' });
    await storm(`${runs.api.url}/sessions/${sessionId}/stream`, id, ({ type }) => type === 'completed');
  });
});
