import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import type { NameProvider } from '../../activities/names/name-provider.ts';
import { withNameBreaker } from '../../activities/names/with-breaker.ts';

const signal = new AbortController().signal;
const name = { workspaceId: 'ws-aaaaaa', hostname: 'ui.ws-aaaaaa.vm.example.com', ipAddress: '192.0.2.1' };

describe('a provider of names that fails again and again', () => {
  it('is spared new names and certificates, and asked for removals as ever, which shows that it is back', async () => {
    const calls: string[] = [];
    let isDown = true;
    const answer = async (call: string): Promise<void> => {
      calls.push(call);
      if (isDown) throw failure('ProviderUnavailable', 'connection refused');
    };
    const names: NameProvider = {
      id: 'dns',
      checkAvailability: async () => ({ available: true, reason: null }),
      ensureName: () => answer('ensureName'),
      ensureCertificate: async () => (await answer('ensureCertificate'), 'PEM'),
      removeNames: () => answer('removeNames'),
      listResources: async () => (await answer('listResources'), []),
    };
    const guarded = withNameBreaker(names, { failures: 2 });
    for (let tries = 0; tries < 2; tries++) await assert.rejects(guarded.ensureName(name, signal));
    const spared = { type: 'ProviderUnavailable', message: /^dns failed too often in a row/ };
    await assert.rejects(guarded.ensureName(name, signal), spared);
    await assert.rejects(guarded.ensureCertificate({ ...name, csr: '' }, signal), spared);
    await assert.rejects(guarded.removeNames('ws-aaaaaa', signal), { message: 'connection refused' });
    assert.equal(guarded.breaker?.().state, 'open');

    isDown = false;
    await guarded.removeNames('ws-aaaaaa', signal);
    await guarded.ensureName(name, signal);

    assert.deepEqual(calls, ['ensureName', 'ensureName', 'removeNames', 'removeNames', 'ensureName']);
    assert.equal(guarded.breaker?.().state, 'closed');
  });
});
