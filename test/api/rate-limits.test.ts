import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readApiSettings } from '../../api/config.ts';
import { openApi } from '../support/api.ts';

describe('the setting RATE_LIMITS', () => {
  it('keeps the defaults of what it does not name', () => {
    const limits = readApiSettings({ RATE_LIMITS: 'create=3/min, read=5/s' }).RATE_LIMITS;
    assert.notEqual(limits, 'off');
    if (limits === 'off') return;
    assert.deepEqual(limits.create, { calls: 3, perSeconds: 60 });
    assert.deepEqual(limits.read, { calls: 5, perSeconds: 1 });
    assert.deepEqual(limits.delete, { calls: 20, perSeconds: 60 });
  });

  it('lifts all limits by `off`', () => {
    assert.equal(readApiSettings({ RATE_LIMITS: 'off' }).RATE_LIMITS, 'off');
  });

  for (const wrong of ['create', 'create=0/h', 'create=-1/h', 'create=5/day', 'destroy=5/h', 'create=5/h;read=1/s']) {
    it(`is refused as ${wrong}`, () => assert.throws(() => readApiSettings({ RATE_LIMITS: wrong }), /RATE_LIMITS/));
  }
});

describe('rate limits', () => {
  it('count down in the headers and answer 429 with the seconds to wait', async () => {
    await using api = await openApi({ settings: { RATE_LIMITS: 'read=2/min' } });
    const answers = [await api.call('GET', '/providers'), await api.call('GET', '/providers')];
    assert.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('x-ratelimit-remaining')]),
      [
        [200, '1'],
        [200, '0'],
      ],
    );
    assert.equal(answers[0]?.headers.get('x-ratelimit-limit'), '2');

    const refused = await api.call('GET', '/providers');
    assert.equal(refused.status, 429);
    assert.equal(refused.body['error'], 'rate_limit_exceeded');
    const retryAfter = Number(refused.headers.get('retry-after'));
    assert.ok(retryAfter >= 1 && retryAfter <= 60);
    assert.deepEqual(refused.body['details'], { retryAfter });
    assert.ok(Number(refused.headers.get('x-ratelimit-reset')) * 1000 > Date.now());
  });

  it('leave what has another limit alone', async () => {
    await using api = await openApi({ settings: { RATE_LIMITS: 'read=1/min' } });
    await api.call('GET', '/providers');
    assert.equal((await api.call('GET', '/providers')).status, 429);
    assert.equal((await api.call('GET', '/health')).status, 200);
    assert.equal((await api.call('POST', '/vms', { body: {} })).status, 400);
  });

  it('slow down who guesses tokens, by address, and nobody who has one', async () => {
    await using api = await openApi({ settings: { RATE_LIMITS: 'unauthorized=2/min' } });
    const guess = () => api.call('GET', '/providers', { token: 'a-guess' });
    assert.deepEqual([(await guess()).status, (await guess()).status, (await guess()).status], [401, 401, 429]);
    assert.equal((await api.call('GET', '/providers')).status, 200);
  });

  it('count each machine for itself', async () => {
    await using api = await openApi({ settings: { RATE_LIMITS: 'cleanup=1/min' } });
    const cleanUp = async (id: string) =>
      api.callAsMachine('POST', `/vms/${id}/cleanup`, { token: await api.machineTokenFor(id), body: {} });
    assert.equal((await cleanUp('ws-aaaaaa')).status, 400);
    assert.equal((await cleanUp('ws-aaaaaa')).status, 429);
    assert.equal((await cleanUp('ws-bbbbbb')).status, 400);
  });
});
