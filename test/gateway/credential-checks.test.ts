import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import pino from 'pino';
import { createCredentialChecks } from '../../gateway/credentials/credential-checks.ts';
import { connectToGateway, GatewayUnreachable } from '../../gateway/control/control-client.ts';
import { createUpstream } from '../../gateway/models/upstream.ts';
import { endpointsAt, openGateway, testKeys, type TestGateway } from '../support/gateway.ts';
import { sendJson, type Answer } from '../support/model-upstream.ts';
import { gatewaySettings } from '../../gateway/config.ts';

const refusing: Answer = (_, response) => sendJson(response, 401, { error: 'Incorrect API key provided: sk-open***' });

const failingOf = async ({ store }: TestGateway, name: string) =>
  (await store.credentials.list()).find((credential) => credential.name === name)?.failing;

async function storeSubscription(
  { store }: TestGateway,
  { expiresInMs = 3_600_000, refreshToken = null as string | null } = {},
): Promise<void> {
  const tokens = { accessToken: 'at-canary-1', refreshToken, expiresAt: Date.now() + expiresInMs };
  await store.credentials.put('subscription', { kind: 'anthropic_oauth', ...tokens, scopes: [] });
}

describe('asking a provider whether it takes a credential', () => {
  it('is a call that costs no tokens, with the credential as each API wants it', async () => {
    await using pawl = await openGateway();
    await storeSubscription(pawl);

    for (const name of ['anthropic', 'subscription', 'openai', 'google']) {
      assert.deepEqual(await pawl.control.checkCredential(name), { status: 'ok', reason: null }, name);
    }

    const [anthropic, subscription, openai, google] = pawl.upstream.requests;
    assert.deepEqual(
      pawl.upstream.requests.map(({ method, url }) => `${method} ${url}`),
      ['GET /v1/models?limit=1', 'GET /v1/models?limit=1', 'GET /v1/models', 'GET /v1beta/models?pageSize=1'],
    );
    assert.equal(anthropic?.headers['x-api-key'], testKeys.anthropic);
    assert.equal(anthropic?.headers['anthropic-version'], '2023-06-01');
    assert.equal(subscription?.headers.authorization, 'Bearer at-canary-1');
    assert.equal(subscription?.headers['anthropic-beta'], 'oauth-2025-04-20');
    assert.equal(openai?.headers.authorization, `Bearer ${testKeys.openai}`);
    assert.equal(google?.headers['x-goog-api-key'], testKeys.google);
  });

  for (const [name, status, body] of [
    ['anthropic', 401, { error: { type: 'authentication_error', message: 'invalid x-api-key' } }],
    ['openai', 401, { error: { code: 'invalid_api_key' } }],
    ['google', 400, { error: { details: [{ reason: 'API_KEY_INVALID' }] } }],
  ] as const) {
    it(`tells a refusal of ${name}'s, and notes it without the provider's words`, async () => {
      await using pawl = await openGateway();
      pawl.upstream.answer((_, response) => sendJson(response, status, body));

      const verdict = await pawl.control.checkCredential(name);

      assert.deepEqual(verdict, { status: 'refused', reason: `Refused by ${name} (${status}).` });
      assert.equal(await failingOf(pawl, name), `Refused by ${name} (${status}).`);
    });
  }

  for (const [what, name, status, body] of [
    ['a proxy without the route', 'anthropic', 404, {}],
    ['a provider that is busy', 'anthropic', 429, {}],
    ['one that is broken', 'openai', 500, {}],
    ['one that sends elsewhere', 'openai', 302, {}],
    [
      'a key that may do other things',
      'openai',
      401,
      { error: 'You have insufficient permissions for this operation.' },
    ],
    ['one that may not list models', 'google', 403, {}],
    [
      'a route without subscriptions',
      'subscription',
      401,
      { error: { message: 'OAuth authentication is currently not supported.' } },
    ],
  ] as const) {
    it(`says nothing about a credential on the word of ${what}`, async () => {
      await using pawl = await openGateway();
      await storeSubscription(pawl);
      pawl.upstream.answer((_, response) => sendJson(response, status, body));

      assert.equal((await pawl.control.checkCredential(name)).status, 'unknown');
      assert.equal(await failingOf(pawl, name), null);
    });
  }

  it('says nothing either when nobody is there, or nobody answers in time', async () => {
    await using pawl = await openGateway({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' });
    const nobody = { status: 'unknown', reason: 'Its provider does not answer.' };
    assert.deepEqual(await pawl.control.checkCredential('anthropic'), nobody);

    pawl.upstream.answer(() => undefined);
    const settings = gatewaySettings.parse({ PAWL_HOME: pawl.home, ...endpointsAt(pawl.upstream.url) });
    const upstream = createUpstream(settings);
    const { credentials } = pawl.store;
    const fresh = { use: async (name: string) => (await credentials.read(name))! };
    const log = pino({ level: 'silent' });
    const checks = createCredentialChecks({ ...{ credentials, fresh, upstream, log }, patienceMs: 50 });
    assert.deepEqual(await checks.ask('openai'), nobody);
    await upstream.close();
  });

  it('is done once for all who ask at the same time, and again a minute later, for another value, or when wanted', async (t) => {
    await using pawl = await openGateway();
    const { control, upstream, store } = pawl;
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() });

    await Promise.all(Array.from({ length: 50 }, () => control.checkCredential('openai')));
    await control.checkCredential('openai');
    assert.equal(upstream.requests.length, 1);
    await control.checkCredential('openai', { isFresh: true });
    assert.equal(upstream.requests.length, 2);
    await store.credentials.put('openai', { kind: 'openai_api_key', apiKey: 'sk-another-one' });
    await control.checkCredential('openai');
    assert.equal(upstream.requests.length, 3);
    t.mock.timers.tick(60_001);
    await control.checkCredential('openai');
    assert.equal(upstream.requests.length, 4);
  });

  it('never goes by an answer of before when a call was refused since', async () => {
    await using pawl = await openGateway();
    await pawl.control.checkCredential('openai');
    const door = await pawl.door();
    pawl.upstream.answer(refusing);
    await door.call('POST', '/openai/v1/responses', { body: {} });

    assert.equal((await pawl.control.checkCredential('openai')).status, 'refused');
    pawl.upstream.answer((_, response) => sendJson(response, 200, {}));
    assert.equal((await pawl.control.checkCredential('openai')).status, 'ok');
    assert.equal(await failingOf(pawl, 'openai'), null, 'the provider takes it again');
  });

  it('renews the access token of a subscription first, and tells when its provider does not', async () => {
    await using pawl = await openGateway();
    await storeSubscription(pawl, { expiresInMs: -1, refreshToken: 'refresh-token-1' });
    pawl.upstream.answer(({ url }, response) =>
      url === '/oauth/token'
        ? sendJson(response, 200, { access_token: 'at-canary-2', refresh_token: 'refresh-token-2', expires_in: 3600 })
        : sendJson(response, 200, {}),
    );
    assert.equal((await pawl.control.checkCredential('subscription')).status, 'ok');
    assert.equal(pawl.upstream.requests.at(-1)?.headers.authorization, 'Bearer at-canary-2');

    await storeSubscription(pawl, { expiresInMs: 60_000, refreshToken: 'refresh-token-1' });
    pawl.upstream.answer((_, response) => sendJson(response, 400, { error: 'invalid_grant' }));
    const { status, reason } = await pawl.control.checkCredential('subscription');
    assert.equal(status, 'refused');
    assert.match(reason ?? '', /does not renew it any more \(400\)/);
    assert.equal(await failingOf(pawl, 'subscription'), reason);
  });

  it('tells when a subscription is refused, or has expired and cannot be renewed now or ever', async () => {
    await using pawl = await openGateway();
    await storeSubscription(pawl);
    pawl.upstream.answer(refusing);
    assert.equal((await pawl.control.checkCredential('subscription')).reason, 'Refused by anthropic (401).');

    await storeSubscription(pawl, { expiresInMs: -1 });
    assert.match((await pawl.control.checkCredential('subscription')).reason ?? '', /has expired/);

    await storeSubscription(pawl, { expiresInMs: -1, refreshToken: 'refresh-token-1' });
    pawl.upstream.answer((_, response) => sendJson(response, 503, {}));
    assert.equal((await pawl.control.checkCredential('subscription')).status, 'unknown');
  });

  it('asks nobody about what is no key of a model, and takes no name that is none', async () => {
    await using pawl = await openGateway();
    await pawl.store.credentials.put('forge', { kind: 'git_token', token: 'git-canary-1', username: 'x' });
    assert.equal((await pawl.control.checkCredential('forge')).status, 'unknown');
    await assert.rejects(pawl.control.checkCredential('../doors/run-0000000001'), /answered 404/);
    assert.equal(pawl.upstream.requests.length, 0);
  });

  it('writes no key and no token anywhere', async () => {
    await using pawl = await openGateway();
    pawl.upstream.answer((request, response) => sendJson(response, 401, { error: request.headers }));
    await storeSubscription(pawl);
    for (const name of ['anthropic', 'subscription', 'openai']) {
      const told = JSON.stringify(await pawl.control.checkCredential(name));
      assert.doesNotMatch(told + JSON.stringify(await pawl.store.credentials.list()), /canary/, name);
    }
    assert.match(pawl.log(), /asked the provider about a credential/);
    assert.doesNotMatch(pawl.log(), /canary/);
  });

  it('cannot be asked for where no gateway runs', async () => {
    await using pawl = await openGateway();
    await assert.rejects(connectToGateway(`${pawl.home}/other`).checkCredential('openai'), GatewayUnreachable);
  });
});
