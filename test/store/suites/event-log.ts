import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { DoorPolicy } from '../../../store/door-policy.ts';
import { DoorClosed, type NewEvent, type Store } from '../../../store/store.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

/** What the event log promises. */
export function describeEventLog(makePlace: MakePlace): void {
  describe('the event log', () => {
    let stores: Store[];
    before(async () => {
      const place = await makePlace();
      stores = [await openAt(place), await openAt(place)];
    });
    after(() => Promise.all(stores.map((store) => store.close())));
    const events = () => stores[0]!.events;

    it('numbers the events of a stream from 1 and gives back what was appended', async () => {
      const data = { text: 'a\0b \u{1f980} "quoted"', list: [1, null, { deep: true }] };
      await events().append('first', [line('a', data), line('b', null), line('c', undefined)]);
      const stored = await events().read('first', { after: 0, limit: 10 });
      assert.deepEqual(
        stored.map(({ seq, type, data }) => ({ seq, type, data })),
        [
          { seq: 1, type: 'line', data },
          { seq: 2, type: 'line', data: null },
          { seq: 3, type: 'line', data: null },
        ],
      );
      for (const { at } of stored) assert.equal(new Date(at).toISOString(), at);
    });

    it('skips an event whose key the stream has, and keeps the first data', async () => {
      await events().append('repeats', [line('a', 1), line('a', 2)]);
      await events().append('repeats', [line('a', 3), line('b', 4)]);
      assert.deepEqual(await dataOf(events(), 'repeats'), [1, 4]);
    });

    it('takes what comes through a door only while that is open at its host', async () => {
      const [{ doors }, behind] = [stores[1]!, { runId: 'run-behinddoor', hostId: 'here' }];
      const append = (key: string) => events().append('behind', [line(key, key)], behind);
      await assert.rejects(append('a'), DoorClosed);
      await doors.open({ ...behind, policy: DoorPolicy.parse({}) });
      await append('b');
      await doors.open({ ...behind, hostId: 'elsewhere', policy: DoorPolicy.parse({}) });
      await assert.rejects(append('c'), DoorClosed);
      await doors.forget(behind.runId);
      // What is appended at the same moment is none the worse for it.
      const [closed] = await Promise.allSettled([append('d'), events().append('behind', [line('e', 'e')])]);
      assert.ok(closed.status === 'rejected' && closed.reason instanceof DoorClosed);
      assert.deepEqual(await dataOf(events(), 'behind'), ['b', 'e']);
    });

    it('keeps streams apart', async () => {
      await events().append('left', [line('same', 'left')]);
      await events().append('right', [line('same', 'right')]);
      assert.deepEqual(await dataOf(events(), 'right'), ['right']);
    });

    it('knows how much a stream holds', async () => {
      await events().append('sized', [line('a', 'x'.repeat(10)), line('b', null), line('c', { n: 1 })]);
      assert.equal(await events().size('sized'), 12 + 4 + 7);
      assert.equal(await events().size('empty'), 0);
    });

    it('knows the newest event of a kind by its key', async () => {
      await events().append('kinds', [line('agent:1', 1), line('agent:2', 2), line('agents:3', 3), line('b%', 4)]);
      assert.equal(await events().lastKey('kinds', 'agent:'), 'agent:2');
      assert.equal(await events().lastKey('kinds', 'b%'), 'b%');
      assert.equal(await events().lastKey('kinds', '%'), undefined);
      assert.equal(await events().lastKey('empty', 'agent:'), undefined);
    });

    it('reads after a number, up to a limit', async () => {
      await events().append(
        'pages',
        ['a', 'b', 'c', 'd'].map((key) => line(key, key)),
      );
      const page = await events().read('pages', { after: 1, limit: 2 });
      assert.deepEqual(
        page.map((event) => event.seq),
        [2, 3],
      );
      assert.deepEqual(await events().read('pages', { after: 4, limit: 2 }), []);
      assert.deepEqual(await events().read('no such stream', { after: 0, limit: 2 }), []);
    });

    it('appends all events of a call or none', async () => {
      const circular: Record<string, unknown> = {};
      circular['self'] = circular;
      await assert.rejects(events().append('whole', [line('a', 1), line('b', circular)]));
      assert.deepEqual(await dataOf(events(), 'whole'), []);
      await events().append('whole', [line('a', 1)]);
      assert.deepEqual(await dataOf(events(), 'whole'), [1]);
    });

    it('fails an append that cannot be stored, and none of those beside it', async () => {
      const appends = [1, 2, 3, 4, 5].map((index) => {
        return events().append('neighbours', [line(`${index}`, index === 3 ? 3n : index)]);
      });
      const outcomes = await Promise.allSettled(appends);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
      );
      assert.deepEqual((await dataOf(events(), 'neighbours')).toSorted(ascending), [1, 2, 4, 5]);
    });

    it('takes thousands of events in one call', async () => {
      const many = Array.from({ length: 2_345 }, (_, index) => line(`key ${index}`, index));
      await events().append('many', many);
      await events().append('many', many);
      assert.deepEqual(
        await dataOf(events(), 'many'),
        many.map((event) => event.data),
      );
    });

    it('removes the streams that are older than a date, and no other', async () => {
      await events().append('old', [line('a', 1), line('b', 2)]);
      const { at } = (await events().read('old', { after: 1, limit: 1 }))[0]!;
      assert.equal(await events().removeStreamsOlderThan(new Date('2000-01-01'), 'session:'), 0);
      assert.deepEqual(await dataOf(events(), 'old'), [1, 2]);
      assert.ok((await events().removeStreamsOlderThan(new Date(Date.parse(at) + 1), 'session:')) >= 1);
      assert.deepEqual(await dataOf(events(), 'old'), []);
    });

    it('keeps one gapless order, each key once, whatever concurrent writers append and repeat', async () => {
      const batch = fc.array(fc.nat({ max: 12 }), { maxLength: 6 });
      const writer = fc.array(batch, { maxLength: 4 });
      const property = fc.asyncProperty(fc.uuid(), fc.array(writer, { maxLength: 4 }), async (stream, writers) => {
        for (let round = 1; round <= 2; round++) {
          await Promise.all(writers.map((batches, index) => write(stores[index % 2]!, stream, batches)));
          const stored = await events().read(stream, { after: 0, limit: 1000 });
          assert.deepEqual(
            stored.map((event) => event.seq),
            stored.map((_, index) => index + 1),
          );
          assert.deepEqual(stored.map((event) => event.data).toSorted(ascending), distinct(writers.flat(2)));
        }
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });
}

function line(key: string, data: unknown): NewEvent {
  return { key, type: 'line', data };
}

async function dataOf(events: Store['events'], stream: string): Promise<unknown[]> {
  return (await events.read(stream, { after: 0, limit: 10_000 })).map((event) => event.data);
}

async function write(store: Store, stream: string, batches: number[][]): Promise<void> {
  for (const batch of batches) {
    await store.events.append(
      stream,
      batch.map((number) => line(`${number}`, number)),
    );
  }
}

function distinct(numbers: number[]): number[] {
  return [...new Set(numbers)].toSorted(ascending);
}

function ascending(a: unknown, b: unknown): number {
  return Number(a) - Number(b);
}
