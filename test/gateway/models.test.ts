import assert from 'node:assert/strict';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { openGateway, testKeys } from '../support/gateway.ts';
import { anthropicStream, sendJson, sse, startStream } from '../support/model-upstream.ts';

describe('a call to a model through a door', () => {
  it('goes out with the real key in the place of the run’s token, for each API', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();

    await door.call('POST', '/v1/messages?beta=true', { body: { model: 'm' } });
    await door.call('POST', '/openai/v1/responses', { body: { model: 'm' } });
    await door.call('POST', `/gemini/v1beta/models/gemini-2.5-pro:generateContent?alt=sse&key=${door.token}`, {
      body: {},
      token: null,
    });

    const [anthropic, openai, google] = pawl.upstream.requests;
    assert.equal(anthropic?.url, '/v1/messages?beta=true');
    assert.equal(anthropic?.headers['x-api-key'], testKeys.anthropic);
    assert.equal(anthropic?.headers.authorization, undefined);
    assert.equal(openai?.url, '/v1/responses');
    assert.equal(openai?.headers.authorization, `Bearer ${testKeys.openai}`);
    assert.equal(google?.url, '/v1beta/models/gemini-2.5-pro:generateContent?alt=sse');
    assert.equal(google?.headers['x-goog-api-key'], testKeys.google);
    assert.ok(!JSON.stringify(pawl.upstream.requests).includes(door.token), 'the run’s token went upstream');
  });

  it('takes the token wherever clients put the key, and no other one', async () => {
    await using pawl = await openGateway();
    const [door, other] = [await pawl.door(), await pawl.door()];
    const ask = (headers: Record<string, string>) =>
      door.call('POST', '/v1/messages', { token: null, headers, body: {} }).then(({ status }) => status);

    assert.equal(await ask({ 'x-api-key': door.token }), 200);
    assert.equal(await ask({ 'x-goog-api-key': door.token }), 200);
    assert.equal(await ask({ authorization: `bearer ${door.token}` }), 200);
    assert.equal(await ask({}), 401);
    assert.equal(await ask({ authorization: `Bearer ${other.token}` }), 401);
    assert.equal(await ask({ authorization: `Bearer ${testKeys.anthropic}` }), 401);
    assert.equal(pawl.upstream.requests.length, 3);
  });

  it('passes the agent’s own headers on, but none of the connection’s and none with a secret', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => {
      response
        .setHeader('request-id', 'req_1')
        .setHeader('set-cookie', 'a=b')
        .setHeader('anthropic-organization-id', 'o');
      sendJson(response, 200, {});
    });

    const { headers } = await door.call('POST', '/v1/messages', {
      body: {},
      headers: {
        ...{ 'anthropic-version': '2023-06-01', 'user-agent': 'agent/1', 'anthropic-beta': 'a-1' },
        ...{ cookie: 'c=d', te: 'trailers', connection: 'x-mine', 'x-mine': '1', 'x-debug': `it is ${door.token}` },
      },
    });

    const [sent] = pawl.upstream.requests;
    assert.equal(sent?.headers['anthropic-version'], '2023-06-01');
    assert.equal(sent?.headers['user-agent'], 'agent/1');
    assert.equal(sent?.headers['anthropic-beta'], 'a-1');
    for (const name of ['cookie', 'te', 'x-mine', 'x-debug']) assert.equal(sent?.headers[name], undefined, name);
    assert.equal(headers['request-id'], 'req_1');
    assert.equal(headers['set-cookie'], undefined);
    assert.equal(headers['anthropic-organization-id'], undefined);
  });

  it('sends the access token of a subscription with its beta header, beside the agent’s own', async () => {
    await using pawl = await openGateway();
    const value = { kind: 'anthropic_oauth' as const, accessToken: 'at-canary-1', refreshToken: null, scopes: [] };
    await pawl.store.credentials.put('subscription', { ...value, expiresAt: Date.now() + 3_600_000 });
    const door = await pawl.door({ models: { anthropic: 'subscription' } });

    await door.call('POST', '/v1/messages', { body: {}, headers: { 'anthropic-beta': 'context-1, oauth-2025-04-20' } });

    const [sent] = pawl.upstream.requests;
    assert.equal(sent?.headers.authorization, 'Bearer at-canary-1');
    assert.equal(sent?.headers['x-api-key'], undefined);
    assert.equal(sent?.headers['anthropic-beta'], 'context-1,oauth-2025-04-20');
  });

  it('streams both ways: each chunk is there before the next one is sent', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const told = Promise.withResolvers<void>();
    const seen = Promise.withResolvers<void>();
    pawl.upstream.answer(async (_, response) => {
      startStream(response);
      response.write(sse({ type: 'ping' }));
      await seen.promise; // Never, if the gateway kept the first chunk back.
      response.end(anthropicStream());
      told.resolve();
    });

    const answer = await door.open('POST', '/v1/messages', { body: { stream: true } });
    const [first] = (await once(answer, 'data')) as [Buffer];
    seen.resolve();
    await told.promise;
    const rest = await buffer(answer);

    assert.equal(first.toString(), sse({ type: 'ping' }));
    assert.equal(rest.toString(), anthropicStream());
  });

  it('ends upstream when the agent goes away, before and during the answer', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    for (const begins of [false, true]) {
      pawl.upstream.requests.length = 0;
      pawl.upstream.answer((_, response) => {
        if (begins) startStream(response);
        if (begins) response.write(sse({ type: 'ping' }));
      });
      const leave = new AbortController();
      const call = door.open('POST', '/v1/messages', { body: {}, signal: leave.signal });
      if (begins) await once(await call, 'data');
      await until('the call arrives upstream', () => pawl.upstream.requests.length === 1, { pollMs: 10 });
      leave.abort();
      await call.catch(() => undefined);
      await until('the call ends upstream', () => pawl.upstream.requests[0]!.gone.aborted, { pollMs: 10 });
    }
  });

  it('lets only calls pass that work with models, however their paths are written', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const refused = [
      ['POST', '/v1/messages/batches'],
      ['GET', '/v1/messages'],
      ['DELETE', '/v1/models/m'],
      ['POST', '/v1/organizations/me'],
      ['POST', '/v1/messages/../files'],
      ['POST', '/v1/messages%2f..%2ffiles'],
      ['POST', '//v1/messages'],
      ['GET', '/openai/v1/responses/resp_1'],
      ['POST', '/openai/v1/files'],
      ['GET', '/openai/v1/models/../organization/admin_api_keys'],
      ['POST', '/gemini/v1beta/cachedContents'],
      ['POST', '/gemini/v1beta/models/a/../../files:generateContent'],
      ['GET', '/'],
    ] as const;
    for (const [method, url] of refused) {
      assert.equal((await door.call(method, url, { body: method === 'POST' ? {} : undefined })).status, 404, url);
    }
    assert.deepEqual(pawl.upstream.requests, []);
    assert.equal((await door.call('GET', 'http://127.0.0.1/v1/models')).status, 403);
    assert.equal((await door.call('GET', '/v1/models')).status, 200);
  });

  it('refuses an API that the run has no credential for, or one of another kind, in the API’s own words', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ models: { openai: 'anthropic', google: null } });

    const anthropic = await door.call('POST', '/v1/messages', { body: {} });
    const openai = await door.call('POST', '/openai/v1/responses', { body: {} });
    const google = await door.call('POST', '/gemini/v1/models/m:generateContent', { body: {} });

    assert.equal(anthropic.status, 403);
    assert.deepEqual(anthropic.body, {
      type: 'error',
      error: { type: 'permission_error', message: 'This run has no credential for anthropic.' },
    });
    assert.equal(openai.status, 400);
    assert.match(openai.text, /is not one for openai/);
    assert.equal(google.status, 200, 'null asks for no credential');
    assert.equal(pawl.upstream.requests[0]?.headers['x-goog-api-key'], undefined);
  });

  it('marks a credential that its provider refuses, and passes none of the provider’s words on', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) =>
      sendJson(response, 401, { error: `Incorrect key ${testKeys.openai.slice(0, 12)}` }),
    );

    const { status, text } = await door.call('POST', '/openai/v1/responses', { body: {} });

    assert.equal(status, 401);
    assert.ok(!text.includes(testKeys.openai.slice(0, 12)));
    assert.match(text, /does not take the credential openai/);
    const health = async () => (await pawl.store.credentials.list()).find(({ name }) => name === 'openai')?.failing;
    assert.equal(await health(), 'Refused by openai (401).');
    const [event] = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.equal(event?.type, 'credential.refused');
    assert.deepEqual(event?.data, { credential: 'openai', api: 'openai', status: 401 });

    pawl.upstream.answer((_, response) => sendJson(response, 200, {}));
    await door.call('POST', '/openai/v1/responses', { body: {} });
    assert.equal(await health(), null);
  });

  it('passes other errors on as they are, without any key in them', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => {
      response.setHeader('retry-after', '7');
      sendJson(response, 429, { type: 'error', error: { message: `slow down, ${testKeys.anthropic}` } });
    });

    const { status, headers, body } = await door.call('POST', '/v1/messages', { body: {} });

    assert.equal(status, 429);
    assert.equal(headers['retry-after'], '7');
    assert.deepEqual(body, { type: 'error', error: { message: 'slow down, [secret]' } });
  });

  it('says so in the API’s words when the endpoint cannot be reached, and counts nothing', async () => {
    await using pawl = await openGateway({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:9' });
    const door = await pawl.door();

    const { status, body } = await door.call('POST', '/v1/messages', { body: { text: 'x'.repeat(4000) } });

    assert.equal(status, 502);
    assert.deepEqual(body, { type: 'error', error: { type: 'api_error', message: 'The model cannot be reached.' } });
    assert.equal((await pawl.store.modelCalls.totals(door.runId)).tokens.input, 0);
  });

  it('takes no WebSockets, and says it in the way on which agents fall back at once', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    assert.equal((await door.call('GET', '/openai/v1/responses', { headers })).status, 426);
  });
});
