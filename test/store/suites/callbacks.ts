import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NewCallback } from '../../../store/callback-log.ts';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const message = (id: string, subject = 'run:run-1'): NewCallback => {
  return { id, subject, type: 'run.completed', url: 'https://one.test/', signer: 'run-1', body: '{"ä":"\\u0000"}' };
};
const failed = { statusCode: 500, latencyMs: 12, error: 'The receiver answered 500.' };
const taken = { statusCode: 204, latencyMs: 3, error: null };

/** What the callback log promises. */
export function describeCallbackLog(makePlace: MakePlace): void {
  describe('the callback log', () => {
    it('keeps a callback once, as it came first', async () => {
      await using store = await openAt(await makePlace());
      assert.equal(await store.callbacks.read('cb-1'), undefined);
      await store.callbacks.ensure(message('cb-1'));
      await store.callbacks.recordAttempt('cb-1', taken);
      await store.callbacks.ensure({ ...message('cb-1'), body: 'another' });
      const { createdAt, lastAt, ...rest } = (await store.callbacks.read('cb-1'))!;
      assert.deepEqual(rest, { ...message('cb-1'), status: 'delivered', attempts: 1 });
      assert.ok(createdAt <= lastAt);
    });

    it('tells of every attempt, and what the last one made of the callback', async () => {
      await using store = await openAt(await makePlace());
      const status = async () => (await store.callbacks.read('cb-1'))?.status;
      await store.callbacks.ensure(message('cb-1'));
      assert.equal(await status(), 'pending');
      await store.callbacks.recordAttempt('cb-1', failed);
      assert.equal(await status(), 'pending');
      await store.callbacks.giveUp('cb-1');
      assert.equal(await status(), 'failed');
      await store.callbacks.recordAttempt('cb-1', { statusCode: null, latencyMs: 1, error: 'x'.repeat(10_000) });
      await store.callbacks.recordAttempt('cb-1', taken);
      assert.equal(await status(), 'delivered');
      const attempts = await store.callbacks.attempts('cb-1');
      assert.deepEqual(
        attempts.map(({ number, statusCode, latencyMs, error }) => [number, statusCode, latencyMs, error?.length]),
        [
          [1, 500, 12, failed.error.length],
          [2, null, 1, 500],
          [3, 204, 3, undefined],
        ],
      );
    });

    it('keeps the newest fifty attempts, and their number', async () => {
      await using store = await openAt(await makePlace());
      await store.callbacks.ensure(message('cb-1'));
      for (let times = 0; times < 60; times++) await store.callbacks.recordAttempt('cb-1', failed);
      const numbers = (await store.callbacks.attempts('cb-1')).map(({ number }) => number);
      assert.deepEqual(
        numbers,
        Array.from({ length: 50 }, (_, index) => index + 11),
      );
      assert.equal((await store.callbacks.read('cb-1'))?.attempts, 60);
    });

    it('gives attempts at the same moment a number each', async () => {
      const place = await makePlace();
      await using store = await openAt(place);
      await using other = await openAt(place);
      await store.callbacks.ensure(message('cb-1'));
      const both = [store, other, store, other, store, other];
      await Promise.all(both.map((one) => one.callbacks.recordAttempt('cb-1', failed)));
      const numbers = (await store.callbacks.attempts('cb-1')).map(({ number }) => number);
      assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6]);
    });

    it('is read newest first, page by page, also of one subject', async () => {
      await using store = await openAt(await makePlace());
      const ids = Array.from({ length: 7 }, (_, index) => `cb-${index}`);
      for (const id of ids) await store.callbacks.ensure(message(id, id < 'cb-3' ? 'run:run-1' : 'run:run-2'));
      const found = [];
      for (let before; ; before = found.at(-1)) {
        const page = await store.callbacks.list({ before, limit: 2 });
        if (page.length === 0) break;
        found.push(...page);
      }
      assert.deepEqual(found.map(({ id }) => id).toSorted(), ids);
      assert.deepEqual(
        found.map(({ createdAt }) => createdAt),
        found.map(({ createdAt }) => createdAt).toSorted((one, two) => two.localeCompare(one)),
      );
      const ofOne = await store.callbacks.list({ subject: 'run:run-1', limit: 10 });
      assert.deepEqual(ofOne.map(({ id }) => id).toSorted(), ['cb-0', 'cb-1', 'cb-2']);
    });

    it('forgets what nothing happened to, with its attempts', async () => {
      await using store = await openAt(await makePlace());
      await store.callbacks.ensure(message('cb-1'));
      await store.callbacks.recordAttempt('cb-1', taken);
      assert.equal(await store.callbacks.removeOlderThan(new Date(Date.now() - 60_000)), 0);
      assert.equal(await store.callbacks.removeOlderThan(new Date(Date.now() + 60_000)), 1);
      assert.equal(await store.callbacks.read('cb-1'), undefined);
      assert.deepEqual(await store.callbacks.attempts('cb-1'), []);
      // Whoever was in the middle of an attempt is not told off for it.
      await store.callbacks.recordAttempt('cb-1', taken);
    });
  });
}
