import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { ProviderList } from '../../api/answers.ts';
import { openApi } from '../support/api.ts';
import { openControlPlane } from '../support/control-plane.ts';

type Parts = Record<string, { ready: boolean; reason: string | null }>;

describe('/ready', () => {
  it('names every part that is missing, and why, in seconds', { timeout: 30_000 }, async () => {
    await using api = await openApi();
    const { status, body } = await api.call('GET', '/ready', { token: null });
    assert.equal(status, 503);
    const parts = body['parts'] as Parts;
    assert.deepEqual(parts['store'], { ready: true, reason: null });
    assert.deepEqual(parts['blobs'], { ready: true, reason: null });
    assert.match(parts['temporal']?.reason ?? '', /Temporal does not answer/);
    assert.equal(parts['worker']?.ready, false);
    assert.match(parts['provider']?.reason ?? '', /No worker has reported on the machine provider docker/);
  });

  it('tells the provider’s own reason', async () => {
    await using api = await openApi();
    await api.store.providerReports.report({ id: 'docker', available: false, reason: 'start the Docker engine' });
    const parts = (await api.call('GET', '/ready')).body['parts'] as Parts;
    assert.deepEqual(parts['provider'], { ready: false, reason: 'start the Docker engine' });
    const { providers } = (await api.call('GET', '/providers')).body as { providers: Record<string, unknown>[] };
    assert.deepEqual(
      providers.map(({ id, selected, available, reason }) => ({ id, selected, available, reason })),
      [{ id: 'docker', selected: true, available: false, reason: 'start the Docker engine' }],
    );
  });

  it('says when blobs cannot be kept, and not where they would be', async () => {
    await using api = await openApi();
    await rm(api.blobFolder, { recursive: true });
    const { status, body } = await api.call('GET', '/ready', { token: null });
    assert.equal(status, 503);
    const { blobs } = body['parts'] as Parts;
    assert.deepEqual(blobs, { ready: false, reason: 'It does not answer; the log has the reason.' });
  });

  it('is not good while the provider is spared, and /providers shows its breaker and its prices', async () => {
    await using api = await openApi();
    const breaker = { state: 'open' as const, since: '2026-11-21T10:00:00.000Z', until: '2026-11-21T10:00:30.000Z' };
    const size = { size: 'small', type: 'cx23', vcpu: 2, memoryGb: 4, diskGb: 40 };
    const sizes = [{ ...size, hourlyPrice: { micros: 9_600, currency: 'EUR' } }];
    await api.store.providerReports.report({ id: 'docker', available: true, reason: null, breaker, sizes });
    const parts = (await api.call('GET', '/ready')).body['parts'] as Parts;
    assert.match(parts['provider']?.reason ?? '', /^docker failed too often in a row .* tried again at 2026-/);
    const { body } = await api.call('GET', '/providers');
    const [provider] = ProviderList.parse(body).providers;
    assert.deepEqual(provider?.breaker, breaker);
    assert.deepEqual(provider?.sizes, [{ ...size, hourlyPrice: '0.0096', currency: 'EUR' }]);
  });

  it('is 200 once a worker asks for work and its provider is available', async () => {
    await using plane = await openControlPlane();
    await until('everything is ready', async () => (await plane.api.call('GET', '/ready')).status === 200);
    const { body } = await plane.api.call('GET', '/ready');
    assert.equal(body['ready'], true);
  });
});
