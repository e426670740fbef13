import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openAt } from '../place.ts';
import type { MakePlace } from '../place.ts';

/** What provider reports promise. */
export function describeProviderReports(makePlace: MakePlace): void {
  describe('provider reports', () => {
    it('are the newest of each provider', async () => {
      await using store = await openAt(await makePlace());
      const found = async () =>
        (await store.providerReports.list()).map(({ id, available, reason }) => ({ id, available, reason }));
      assert.deepEqual(await found(), []);
      await store.providerReports.report({ id: 'hetzner', available: false, reason: 'HCLOUD_TOKEN is not set.' });
      await store.providerReports.report({ id: 'docker', available: false, reason: 'The engine does not answer.' });
      await store.providerReports.report({ id: 'docker', available: true, reason: null });
      assert.deepEqual(await found(), [
        { id: 'docker', available: true, reason: null },
        { id: 'hetzner', available: false, reason: 'HCLOUD_TOKEN is not set.' },
      ]);
    });

    it('tell whether a provider is free, how its breaker is, and what its sizes are', async () => {
      await using store = await openAt(await makePlace());
      const breaker = { state: 'open' as const, since: '2026-11-21T10:00:00.000Z', until: '2026-11-21T10:00:30.000Z' };
      await store.providerReports.report({ id: 'docker', available: true, reason: null, isFree: true });
      await store.providerReports.report({ id: 'hetzner', available: true, reason: null, breaker });
      const sizes = [{ size: 'small', type: 'cx23' }];
      await store.providerReports.report({ id: 'priced', available: true, reason: null, sizes });
      const reports = await store.providerReports.list();
      assert.deepEqual(
        reports.map(({ id, isFree, breaker, sizes }) => ({ id, isFree, breaker, sizes })),
        [
          { id: 'docker', isFree: true, breaker: null, sizes: null },
          { id: 'hetzner', isFree: false, breaker, sizes: null },
          { id: 'priced', isFree: false, breaker: null, sizes },
        ],
      );
    });
  });
}
