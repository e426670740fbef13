/** What bounds the calls of one run: its budget, and the room for them. */
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import type { DoorClient } from '../support/door-client.ts';
import { openGateway } from '../support/gateway.ts';
import { streamCall } from '../support/stream-call.ts';
import { anthropicStream } from '../support/model-upstream.ts';

describe('a budget', () => {
  it('of tokens refuses the next call once it is spent, in each API’s own words, and the run is told once', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ budget: { tokens: 100 } });
    await streamCall(pawl, door, anthropicStream({ input: 90, output: 9 }));
    await streamCall(pawl, door, anthropicStream({ input: 90, output: 9 }));
    const sent = pawl.upstream.requests.length;

    const anthropic = await door.call('POST', '/v1/messages', { body: {} });
    const openai = await door.call('POST', '/openai/v1/responses', { body: {} });
    const google = await door.call('POST', '/gemini/v1/models/m:generateContent', { body: {} });
    const counting = await door.call('POST', '/v1/messages/count_tokens', { body: {} });

    const message = "This run's budget of 100 tokens is spent.";
    assert.deepEqual([anthropic.status, openai.status, google.status, counting.status], [402, 400, 402, 200]);
    assert.deepEqual(anthropic.body, { type: 'error', error: { type: 'billing_error', message } });
    assert.equal(anthropic.headers['x-should-retry'], 'false');
    assert.deepEqual(openai.body, {
      error: { message, param: null, type: 'insufficient_quota', code: 'insufficient_quota' },
    });
    assert.deepEqual(google.body, { error: { code: 402, message, status: 'RESOURCE_EXHAUSTED' } });
    assert.equal(pawl.upstream.requests.length, sent + 1);
    const events = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ type, data }) => [type, data]),
      [['budget.spent', { budget: 'tokens', limit: 100, used: 198 }]],
    );
  });

  it('of money does the same', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ budget: { costMicros: 5000 } });
    // The answer calls its model by another name than the list of prices.
    await streamCall(pawl, door, anthropicStream({ input: 1000, output: 0, model: 'opus-internal' }));
    const { status, text } = await door.call('POST', '/v1/messages', { body: {} });
    assert.equal(status, 402);
    assert.match(text, /budget of 0.005 US dollars is spent/);
  });

  it('of money lets no model be called whose price is not known', async () => {
    await using pawl = await openGateway({ MODEL_PRICES: '{"in-house": {"input": 1, "output": 2}}' });
    const door = await pawl.door({ budget: { costMicros: 5000 } });
    const ask = (model?: string, prefix = '/v1/messages') => door.call('POST', prefix, { body: { model } });
    for (const { status, text } of [
      await ask('unlisted'),
      await ask('unlisted', '/openai/v1/responses'),
      await ask(),
    ]) {
      assert.ok([400, 403].includes(status));
      assert.match(text, /limit of money, and the price of .* is not known. MODEL_PRICES can tell it/);
    }
    const google = await door.call('POST', '/gemini/v1/models/unlisted:generateContent', { body: {} });
    assert.equal(google.status, 403);
    assert.equal(pawl.upstream.requests.length, 0);
    assert.equal((await ask('in-house')).status, 200);
    assert.deepEqual(JSON.parse(pawl.upstream.requests[0]?.body ?? ''), { model: 'in-house' });
    assert.equal((await door.call('POST', '/v1/messages/count_tokens', { body: {} })).status, 200);
    assert.equal((await (await pawl.door()).call('POST', '/v1/messages', { body: { model: 'unlisted' } })).status, 200);
  });

  it('can be raised while the run goes on', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({ budget: { tokens: 10 } });
    await streamCall(pawl, door, anthropicStream());
    assert.equal((await door.call('POST', '/v1/messages', { body: {} })).status, 402);
    await pawl.door({ budget: { tokens: 1_000_000 } }, door.runId);
    assert.equal((await door.call('POST', '/v1/messages', { body: {} })).status, 200);
  });
});

describe('the room for one run’s calls in memory', () => {
  it('has an end, beyond which the next one is refused until there is room again', async () => {
    await using pawl = await openGateway();
    const [door, other] = [await pawl.door(), await pawl.door()];
    // Without a length, a request may become as large as any.
    const open = Array.from({ length: 3 }, () => new PassThrough());
    const leave = new AbortController();
    const waiting = open.map((body) => {
      body.write('{');
      return door.call('POST', '/openai/v1/responses', { body, signal: leave.signal });
    });
    const ask = (of: DoorClient) => of.call('POST', '/openai/v1/responses', { body: {} });
    await until('there is no room left', async () => (await ask(door)).status === 429, { pollMs: 10 });
    assert.equal((await ask(other)).status, 200, 'another run has its own');

    leave.abort();
    await Promise.allSettled(waiting);
    await until('there is room again', async () => (await ask(door)).status === 200, { pollMs: 10 });
  });
});
