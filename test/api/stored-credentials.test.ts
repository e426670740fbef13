import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CredentialChecked, CredentialList, StoredCredential } from '../../api/credential-answers.ts';
import { openApi } from '../support/api.ts';
import { openGateway } from '../support/gateway.ts';
import { sendJson } from '../support/model-upstream.ts';

const canary = 'sk-ant-api03-canary-of-the-test';
const value = { kind: 'anthropic_api_key', apiKey: canary };

describe('credentials over HTTP', () => {
  it('are stored, replaced, listed and removed, and never shown', async () => {
    await using api = await openApi();
    const answers = [
      await api.call('PUT', '/credentials/mine', { body: value }),
      await api.call('PUT', '/credentials/mine', { body: value }),
      await api.call('GET', '/credentials'),
      await api.call('DELETE', '/credentials/mine'),
      await api.call('GET', '/credentials'),
    ];
    const [first, second, list, removed, empty] = answers;
    assert.equal(StoredCredential.strict().parse(first!.body).version, 1);
    assert.equal(StoredCredential.parse(second!.body).version, 2);
    const { credentials } = CredentialList.parse(list!.body);
    assert.deepEqual(
      credentials.map(({ name, kind }) => [name, kind]),
      [['mine', 'anthropic_api_key']],
    );
    assert.deepEqual(removed!.body, { name: 'mine', removed: true });
    assert.deepEqual(empty!.body, { credentials: [] });
    const audit = await api.store.audit.list({ subject: 'credential:mine', limit: 10 });
    assert.deepEqual(
      audit.map(({ action }) => action),
      ['credential.store', 'credential.store', 'credential.remove'],
    );
    const everything = [...answers.map(({ text }) => text), JSON.stringify(audit), ...api.logLines].join('\n');
    assert.ok(!everything.includes(canary));
  });

  it('are refused when they are none, without being repeated', async () => {
    await using api = await openApi();
    for (const body of [
      {},
      { kind: 'password', apiKey: canary },
      { kind: 'anthropic_api_key' },
      { kind: 'anthropic_api_key', apiKey: `${canary} with a space` },
      { kind: 'anthropic_api_key', apiKey: canary, more: canary },
      { kind: 'anthropic_oauth', accessToken: canary, expiresAt: canary },
    ]) {
      const answer = await api.call('PUT', '/credentials/mine', { body });
      assert.deepEqual([answer.status, answer.body['error']], [400, 'validation_error'], JSON.stringify(body));
      assert.ok(!answer.text.includes(canary), answer.text);
    }
    for (const name of ['A', '..%2fa', 'a b', 'run-aaaaaaaaaa.model', 'x'.repeat(65)]) {
      assert.equal((await api.call('PUT', `/credentials/${name}`, { body: value })).status, 400, name);
    }
    assert.deepEqual(await api.store.credentials.list(), []);
    assert.ok(!api.logLines.join('').includes(canary));
  });

  it('are tried at their provider on request, through the gateway beside the API', async () => {
    await using pawl = await openGateway();
    await using api = await openApi({ settings: { PAWL_HOME: pawl.home } });
    for (const { store } of [api, pawl]) await store.credentials.put('mine', { ...value, kind: 'anthropic_api_key' });
    const check = async () =>
      CredentialChecked.strict().parse((await api.call('POST', '/credentials/mine/check')).body);

    assert.deepEqual(await check(), { name: 'mine', status: 'ok', reason: null });
    pawl.upstream.answer((_, response) => sendJson(response, 401, { error: canary }));
    assert.deepEqual(await check(), { name: 'mine', status: 'refused', reason: 'Refused by anthropic (401).' });
    pawl.upstream.answer((_, response) => sendJson(response, 500, {}));
    assert.equal((await check()).status, 'unknown');
    await pawl.gateway.close();
    assert.deepEqual(await check(), { name: 'mine', status: 'unknown', reason: 'The gateway does not answer.' });

    const audit = await api.store.audit.list({ subject: 'credential:mine', limit: 10 });
    assert.deepEqual(
      audit.map(({ action, details }) => [action, details]),
      ['ok', 'refused', 'unknown', 'unknown'].map((status) => ['credential.check', { status }]),
    );
    assert.ok(!(JSON.stringify(audit) + api.logLines.join('')).includes(canary));
    assert.equal((await api.call('POST', '/credentials/nobodys/check')).body['error'], 'credential_not_found');
  });

  it('of runs are not shown, and are nobody’s to remove', async () => {
    await using api = await openApi();
    await api.store.credentials.put('run-aaaaaaaaaa.model', { kind: 'anthropic_api_key', apiKey: canary });
    assert.deepEqual((await api.call('GET', '/credentials')).body, { credentials: [] });
    for (const name of ['run-aaaaaaaaaa.model', 'nobodys']) {
      assert.equal((await api.call('DELETE', `/credentials/${name}`)).body['error'], 'credential_not_found');
    }
  });
});

describe('signers of callbacks', () => {
  it('get secrets that are shown once, until the older ones are retired', async () => {
    await using api = await openApi();
    const add = (body: object = {}) => api.call('POST', '/callback-signers/mine/secrets', { body });
    const given = `whsec_${Buffer.alloc(24, 1).toString('base64')}`;
    const [first, second] = [await add({ secret: given }), await add()];
    assert.deepEqual([first.status, first.body['secret']], [201, given]);
    assert.match(String(second.body['secret']), /^whsec_/);
    assert.equal((await api.store.secrets.list('callback/mine/')).length, 2);
    await api.call('DELETE', '/callback-signers/mine/secrets');
    const [left] = await api.store.secrets.list('callback/mine/');
    assert.equal(left && (await api.store.secrets.read(left.name)), second.body['secret']);
    assert.equal((await add({ secret: 'whsec_short' })).body['error'], 'validation_error');
  });
});
