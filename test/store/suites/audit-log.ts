import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

/** What the audit log promises. */
export function describeAuditLog(makePlace: MakePlace): void {
  describe('the audit log', () => {
    it('keeps who did what to what, in order', async () => {
      await using store = await openAt(await makePlace());
      const created = { actor: 'owner', action: 'workspace.create', subject: 'workspace:ws-1', requestId: 'r-1' };
      const read = { actor: 'owner', action: 'credentials.read', subject: 'workspace:ws-2', details: { from: '::1' } };
      await store.audit.record(created);
      await store.audit.record(read);
      const entries = await store.audit.list({ limit: 10 });
      const [first, second] = entries;
      assert.deepEqual(entries, [
        { id: 1, at: first?.at, ...created },
        { id: 2, at: second?.at, ...read },
      ]);
      assert.ok(entries.every(({ at }) => new Date(at).toISOString() === at));
    });

    it('lists one subject, after an entry, up to a limit', async () => {
      await using store = await openAt(await makePlace());
      for (const subject of ['a', 'b', 'a', 'a']) await store.audit.record({ actor: 'owner', action: 'x', subject });
      const ids = async (options: { subject?: string; after?: number; limit: number }) =>
        (await store.audit.list(options)).map((entry) => entry.id);
      assert.deepEqual(await ids({ subject: 'a', limit: 2 }), [1, 3]);
      assert.deepEqual(await ids({ subject: 'a', after: 3, limit: 2 }), [4]);
      assert.deepEqual(await ids({ after: 2, limit: 10 }), [3, 4]);
    });

    it('numbers the entries of concurrent writers without gap', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      const entry = { actor: 'owner', action: 'x', subject: 'y' };
      await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? left : right).audit.record(entry)));
      assert.deepEqual(
        (await left.audit.list({ limit: 100 })).map(({ id }) => id),
        Array.from({ length: 20 }, (_, index) => index + 1),
      );
    });
  });
}
