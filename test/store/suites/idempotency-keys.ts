import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const request = { scope: 'owner', key: 'k-1', fingerprint: 'body 1' };

/** What idempotency keys promise. */
export function describeIdempotencyKeys(makePlace: MakePlace): void {
  describe('idempotency keys', () => {
    it('give every repeat the first plan, then the first answer', async () => {
      await using store = await openAt(await makePlace());
      const claim = (plan: string) => store.idempotency.claim({ ...request, plan });
      assert.deepEqual(await claim('ws-1'), { outcome: 'claimed', plan: 'ws-1' });
      assert.deepEqual(await claim('ws-2'), { outcome: 'claimed', plan: 'ws-1' });
      await store.idempotency.answer(request.scope, request.key, '201 ws-1');
      await store.idempotency.answer(request.scope, request.key, '201 again');
      assert.deepEqual(await claim('ws-3'), { outcome: 'answered', answer: '201 ws-1' });
    });

    it('refuse another request under the same key, before and after the answer', async () => {
      await using store = await openAt(await makePlace());
      await store.idempotency.claim({ ...request, plan: 'p' });
      const other = { ...request, fingerprint: 'body 2', plan: 'p' };
      assert.deepEqual(await store.idempotency.claim(other), { outcome: 'mismatch' });
      await store.idempotency.answer(request.scope, request.key, '201');
      assert.deepEqual(await store.idempotency.claim(other), { outcome: 'mismatch' });
    });

    it('are told apart by their scope', async () => {
      await using store = await openAt(await makePlace());
      await store.idempotency.claim({ ...request, plan: 'p' });
      const elsewhere = { ...request, scope: 'system', fingerprint: 'body 2', plan: 'q' };
      assert.deepEqual(await store.idempotency.claim(elsewhere), { outcome: 'claimed', plan: 'q' });
    });

    it('have one winner when requests race', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const claims = await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          return (index % 2 ? left : right).idempotency.claim({ ...request, plan: `plan ${index}` });
        }),
      );
      assert.equal(new Set(claims.map((claim) => JSON.stringify(claim))).size, 1);
    });

    it('are forgotten by age', async () => {
      await using store = await openAt(await makePlace());
      await store.idempotency.claim({ ...request, plan: 'p' });
      assert.equal(await store.idempotency.removeOlderThan(new Date('2000-01-01')), 0);
      assert.equal(await store.idempotency.removeOlderThan(new Date('2100-01-01')), 1);
      assert.deepEqual(await store.idempotency.claim({ ...request, plan: 'q' }), { outcome: 'claimed', plan: 'q' });
    });
  });
}
