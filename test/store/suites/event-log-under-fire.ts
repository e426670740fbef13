import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { Store, StoredEvent } from '../../../store/store.ts';
import type { AppendOrder } from '../children/append.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const appender = fileURLToPath(new URL('../children/append.ts', import.meta.url));
const writers = ['a', 'b', 'c'];

/** What the event log promises while several processes append, and after they were killed. */
export function describeEventLogUnderFire(makePlace: MakePlace): void {
  describe('the event log with several processes', () => {
    it('shows a reader one gapless order while they append', async () => {
      const place = await makePlace();
      await using store = await openAt(place);
      const running = Promise.all(writers.map((writer) => startAppender({ place, stream: 's', writer, batches: 40 })));
      const ended = running.then(() => ({ running: false }));

      const seen: StoredEvent[] = [];
      for (let state = { running: true }; ;) {
        const next = await store.events.read('s', { after: seen.length, limit: 50 });
        for (const event of next) assert.equal(event.seq, seen.push(event));
        if (next.length === 0 && !state.running) break;
        state = await Promise.race([ended, setImmediate(state)]);
      }
      assert.equal(seen.length, writers.length * 40 * 3);
    });

    it('has every acknowledged event, and no part of a call, after they were killed', async () => {
      const place = await makePlace();
      const acknowledged = await Promise.all(
        writers.map((writer) => appendUntilKilled({ place, stream: 's', writer, batches: null })),
      );
      await using store = await openAt(place);
      const stored = await readAll(store);
      assert.deepEqual(
        stored.map((event) => event.seq),
        stored.map((_, index) => index + 1),
      );
      for (const [index, writer] of writers.entries()) assertWhole(batchesOf(stored, writer), acknowledged[index]!);
    });

    it('goes on after a kill: the repeated work adds what was missing and nothing else', async () => {
      const place = await makePlace();
      const acknowledged = await appendUntilKilled({ place, stream: 's', writer: 'a', batches: null });
      const batches = acknowledged + 10;
      await startAppender({ place, stream: 's', writer: 'a', batches });
      await using store = await openAt(place);
      assert.deepEqual(
        batchesOf(await readAll(store), 'a'),
        Array.from({ length: batches }, (_, index) => index + 1).flatMap((batch) => [batch, batch, batch]),
      );
    });
  });
}

function startAppender(order: AppendOrder) {
  return execa(process.execPath, [appender, JSON.stringify(order)]);
}

/** Kills the appender in full run and resolves to the last batch that it saw acknowledged. */
async function appendUntilKilled(order: AppendOrder): Promise<number> {
  const child = startAppender(order);
  let acknowledged = 0;
  try {
    for await (const line of child) {
      acknowledged = Number(line);
      if (acknowledged >= 25) child.kill('SIGKILL');
    }
  } catch (error) {
    if (!(error instanceof Error && 'signal' in error && error.signal === 'SIGKILL')) throw error;
  }
  return acknowledged;
}

function assertWhole(batches: number[], acknowledged: number): void {
  const last = batches.at(-1) ?? 0;
  assert.ok(last >= acknowledged, `batch ${acknowledged} was acknowledged, the last one stored is ${last}`);
  assert.deepEqual(
    batches,
    Array.from({ length: last }, (_, index) => index + 1).flatMap((batch) => [batch, batch, batch]),
  );
}

function batchesOf(events: StoredEvent[], writer: string): number[] {
  const data = events.map((event) => event.data as { writer: string; batch: number });
  return data.filter((event) => event.writer === writer).map((event) => event.batch);
}

function readAll(store: Store): Promise<StoredEvent[]> {
  return store.events.read('s', { after: 0, limit: 100_000 });
}
