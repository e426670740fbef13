import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

/** What resource readings promise. */
export function describeResourceReadings(makePlace: MakePlace): void {
  describe('resource readings', () => {
    it('are the newest of each provider, whole', async () => {
      await using store = await openAt(await makePlace());
      const many = Array.from({ length: 5_000 }, (_, index) => ({ kind: 'server', id: `machine-${index}` }));
      await store.resources.keep('hetzner', many);
      await store.resources.keep('docker', [{ kind: 'container', id: 'old' }]);
      await store.resources.keep('docker', []);
      const found = await store.resources.list();
      assert.deepEqual(
        found.map(({ provider, resources }) => [provider, resources.length]),
        [
          ['docker', 0],
          ['hetzner', 5_000],
        ],
      );
      assert.deepEqual(found[1]?.resources[4_999], many[4_999]);
      assert.ok(found.every(({ readAt }) => Date.parse(readAt) <= Date.now()));
    });
  });
}
