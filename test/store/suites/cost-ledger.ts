import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

const machine = {
  workspaceId: 'ws-aaaaaa',
  provider: 'hetzner',
  providerId: '4711',
  currency: 'EUR',
  // More than an integer of 32 bits holds.
  hourlyMicros: 9_600_000_000,
  monthlyMicros: null,
  since: '2026-11-01T10:00:00.000Z',
};

/** What the cost ledger promises. */
export function describeCostLedger(makePlace: MakePlace): void {
  describe('the cost ledger', () => {
    it('keeps a machine as it was first noted, however often and from wherever that is repeated', async () => {
      const place = await makePlace();
      await using left = await openAt(place);
      await using right = await openAt(place);
      await left.costs.open(machine);
      const again = { ...machine, hourlyMicros: 1, since: '2026-11-02T00:00:00.000Z' };
      await Promise.all(Array.from({ length: 10 }, (_, index) => (index % 2 ? left : right).costs.open(again)));
      assert.deepEqual(await left.costs.ofWorkspace('ws-aaaaaa'), [{ ...machine, until: null }]);
    });

    it('keeps the first proof of a removal, and does not open again what is closed', async () => {
      await using store = await openAt(await makePlace());
      await store.costs.open(machine);
      await store.costs.close(machine, new Date('2026-11-01T12:00:00Z'));
      await store.costs.close(machine, new Date('2026-11-05T12:00:00Z'));
      await store.costs.open(machine);
      const [account] = await store.costs.ofWorkspace('ws-aaaaaa');
      assert.equal(account?.until, '2026-11-01T12:00:00.000Z');
    });

    it('closes what this workspace has at this provider, and nothing else', async () => {
      await using store = await openAt(await makePlace());
      await store.costs.open(machine);
      await store.costs.open({ ...machine, providerId: '4712', monthlyMicros: 5 });
      await store.costs.open({ ...machine, workspaceId: 'ws-bbbbbb' });
      await store.costs.open({ ...machine, provider: 'elsewhere' });
      await store.costs.close(machine, new Date('2026-11-01T12:00:00Z'));
      assert.deepEqual(
        (await store.costs.openAt('hetzner')).map(({ workspaceId }) => workspaceId),
        ['ws-bbbbbb'],
      );
      assert.equal((await store.costs.openAt('elsewhere')).length, 1);
      const own = await store.costs.ofWorkspace('ws-aaaaaa');
      assert.deepEqual(own.map(({ monthlyMicros }) => monthlyMicros).toSorted(), [5, null, null]);
    });

    it('finds what existed at any time in a span', async () => {
      await using store = await openAt(await makePlace());
      const lives: [string, string, string | null][] = [
        ['ws-before', '2026-09-01T00:00:00.000Z', '2026-10-31T23:59:59.999Z'],
        ['ws-into', '2026-10-31T00:00:00.000Z', '2026-11-01T00:00:00.001Z'],
        ['ws-within', '2026-11-10T00:00:00.000Z', '2026-11-10T01:00:00.000Z'],
        ['ws-open', '2026-01-01T00:00:00.000Z', null],
        ['ws-after', '2026-12-01T00:00:00.000Z', null],
      ];
      for (const [workspaceId, since, until] of lives) {
        await store.costs.open({ ...machine, workspaceId, since });
        if (until) await store.costs.close({ provider: 'hetzner', workspaceId }, new Date(until));
      }
      const found = await store.costs.between(new Date('2026-11-01T00:00:00Z'), new Date('2026-12-01T00:00:00Z'));
      assert.deepEqual(
        found.map(({ workspaceId }) => workspaceId),
        ['ws-open', 'ws-into', 'ws-within'],
      );
    });
  });
}
