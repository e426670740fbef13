import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { until } from '../../../engine/until.ts';
import type { ModelCall } from '../../../store/gateway.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const runId = 'run-aaaaaaaaaa';

function call(requestId: string, changes: Partial<ModelCall> = {}): ModelCall {
  const tokens = { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 };
  return { runId, requestId, api: 'anthropic', model: 'm', tokens, costMicros: 5, isFinal: true, ...changes };
}

/** What the account of calls to models promises. */
export function describeModelCalls(makePlace: MakePlace): void {
  describe('the account of calls to models', () => {
    it('adds up what a run used, whatever of it is known', async () => {
      await using store = await openAt(await makePlace());
      const none = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
      assert.deepEqual(await store.modelCalls.totals(runId), {
        calls: 0,
        tokens: none,
        costMicros: 0,
        unpricedCalls: 0,
      });
      const large = { input: 3_000_000_000, output: 0, cacheRead: 0, cacheWrite: 0 };
      await store.modelCalls.record(call('a'));
      await store.modelCalls.record(call('b', { costMicros: null, model: null }));
      await store.modelCalls.record(call('c', { tokens: large, costMicros: 4_000_000_000 }));
      await store.modelCalls.record(call('d', { runId: 'run-bbbbbbbbbb' }));
      assert.deepEqual(await store.modelCalls.totals(runId), {
        ...{ calls: 3, unpricedCalls: 1, costMicros: 4_000_000_005 },
        tokens: { input: 3_000_000_002, output: 4, cacheRead: 6, cacheWrite: 8 },
      });
      assert.deepEqual(
        (await store.modelCalls.list(runId)).toSorted(byId)[2],
        call('c', { tokens: large, costMicros: 4_000_000_000 }),
      );
    });

    it('counts a call once, and never takes a final count back', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const estimate = call('a', { isFinal: false, costMicros: null });
      await left.modelCalls.record(estimate);
      await Promise.all([left, right, left, right].map(({ modelCalls }) => modelCalls.record(call('a'))));
      await right.modelCalls.record(estimate);
      assert.deepEqual(await left.modelCalls.list(runId), [call('a')]);
    });

    it('is forgotten in time', async () => {
      await using store = await openAt(await makePlace());
      await store.modelCalls.record(call('a'));
      assert.equal(await store.modelCalls.removeOlderThan(new Date(Date.now() - 60_000)), 0);
      assert.equal(await store.modelCalls.removeOlderThan(new Date(Date.now() + 60_000)), 1);
      assert.deepEqual(await store.modelCalls.list(runId), []);
    });

    it('is forgotten as a whole: a run that goes on keeps its first calls', async () => {
      await using store = await openAt(await makePlace());
      await store.modelCalls.record(call('a'));
      await store.modelCalls.record(call('b', { runId: 'run-bbbbbbbbbb' }));
      const between = await laterThan(new Date());
      await store.modelCalls.record(call('c'));
      assert.equal(await store.modelCalls.removeOlderThan(between), 1);
      assert.equal((await store.modelCalls.list(runId)).length, 2);
    });
  });
}

/** A moment after this one that has passed. */
async function laterThan(moment: Date): Promise<Date> {
  const later = new Date(moment.getTime() + 1);
  await until('the clock goes on', () => new Date() > later, { pollMs: 1 });
  return later;
}

function byId(a: ModelCall, b: ModelCall): number {
  return a.requestId < b.requestId ? -1 : 1;
}
