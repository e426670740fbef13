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

    it('tell whether a provider is free, and how its breaker is', async () => {
      await using store = await openAt(await makePlace());
      const breaker = { state: 'open' as const, since: '2026-11-21T10:00:00.000Z', until: '2026-11-21T10:00:30.000Z' };
      await store.providerReports.report({ id: 'docker', available: true, reason: null, isFree: true });
      await store.providerReports.report({ id: 'hetzner', available: true, reason: null, breaker });
      const found = (await store.providerReports.list()).map(({ id, isFree, breaker }) => ({ id, isFree, breaker }));
      assert.deepEqual(found, [
        { id: 'docker', isFree: true, breaker: null },
        { id: 'hetzner', isFree: false, breaker },
      ]);
    });
  });
}
