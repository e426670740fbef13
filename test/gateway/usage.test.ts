import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { openGateway } from '../support/gateway.ts';
import { streamCall } from '../support/stream-call.ts';
import type { TestGateway } from '../support/gateway.ts';
import { anthropicStream, sendJson, sse, startStream } from '../support/model-upstream.ts';

const counted = async (pawl: TestGateway, door: { runId: string }) =>
  (await pawl.store.modelCalls.list(door.runId)).map(({ model, tokens, costMicros, isFinal }) => ({
    ...{ model, tokens, costMicros, isFinal },
  }));

describe('what a model used', () => {
  it('is read out of Anthropic’s stream, cache and its long-lived part included', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 2000,
      cache_creation_input_tokens: 300,
      output_tokens: 1,
    };
    const cache_creation = { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 200 };
    pawl.upstream.answer((_, response) => {
      startStream(response);
      const message = { model: 'claude-opus-5-20260724', usage: { ...usage, cache_creation } };
      // Cut in the middle of a message, and of a character.
      const bytes = Buffer.from(
        sse({ type: 'message_start', ...{ message } }) + sse({ type: 'ping', ...{ note: 'ü€😀' } }),
      );
      for (let at = 0; at < bytes.length; at += 7) response.write(bytes.subarray(at, at + 7));
      response.end(sse({ type: 'message_delta', ...{ usage: { output_tokens: 50 } } }));
    });

    await door.call('POST', '/v1/messages', { body: { stream: true } });

    // 10 × 5 + 50 × 25 + 2000 × 0.5 + 100 × 6.25 + 200 × 10
    const tokens = { input: 10, output: 50, cacheRead: 2000, cacheWrite: 300 };
    assert.deepEqual(await counted(pawl, door), [
      { model: 'claude-opus-5-20260724', tokens, costMicros: 4925, isFinal: true },
    ]);
  });

  it('is what the last of several counts says, since each holds those before it', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => {
      startStream(response);
      const message = { model: 'claude-opus-5-20260724', usage: { input_tokens: 10, output_tokens: 1 } };
      response.write(sse({ type: 'message_start', ...{ message } }));
      response.write(sse({ type: 'message_delta', ...{ usage: { output_tokens: 50 } } }));
      response.end(sse({ type: 'message_delta', ...{ usage: { output_tokens: 80 } } }));
    });

    await door.call('POST', '/v1/messages', { body: { stream: true } });

    const [call] = await counted(pawl, door);
    assert.deepEqual([call?.tokens.output, call?.isFinal], [80, true]);
  });

  it('is read out of answers in one piece', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const ask = async (url: string, answer: unknown) => {
      pawl.upstream.answer((_, response) => sendJson(response, 200, answer));
      await door.call('POST', url, { body: {} });
    };

    await ask('/v1/messages', {
      type: 'message',
      model: 'claude-haiku-4-5',
      usage: { input_tokens: 7, output_tokens: 3 },
    });
    await ask('/openai/v1/responses', {
      ...{ object: 'response', model: 'gpt-6-sol' },
      usage: { input_tokens: 100, input_tokens_details: { cached_tokens: 60 }, output_tokens: 5 },
    });
    await ask('/openai/v1/chat/completions', {
      model: 'gpt-5.5-2026-04-23',
      usage: { prompt_tokens: 100, prompt_tokens_details: { cached_tokens: 60 }, completion_tokens: 5 },
    });
    await ask('/gemini/v1beta/models/gemini-2.5-flash:generateContent', {
      modelVersion: 'gemini-2.5-flash',
      candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason: 'STOP' }],
      usageMetadata: {
        ...{ promptTokenCount: 90, cachedContentTokenCount: 40, candidatesTokenCount: 6, thoughtsTokenCount: 4 },
      },
    });

    const calls = await counted(pawl, door);
    assert.deepEqual(
      calls.map(({ tokens, costMicros }) => [tokens.input, tokens.cacheRead, tokens.output, costMicros]),
      [
        [7, 0, 3, 22],
        [40, 60, 5, 142],
        [40, 60, 5, 380],
        [50, 40, 10, 41],
      ],
    );
    assert.ok(calls.every(({ isFinal }) => isFinal));
  });

  it('is read out of OpenAI’s and Google’s streams', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const stream = async (url: string, ...messages: object[]) => {
      pawl.upstream.answer((_, response) => {
        startStream(response);
        response.end(messages.map(sse).join('') + 'data: [DONE]\n\n');
      });
      await door.call('POST', url, { body: { stream: true } });
    };

    await stream(
      '/openai/v1/responses',
      { type: 'response.output_text.delta', delta: 'hello' },
      { type: 'response.completed', response: { model: 'gpt-6-sol', usage: { input_tokens: 9, output_tokens: 2 } } },
    );
    await stream(
      '/openai/v1/chat/completions',
      { model: 'local', choices: [{ delta: { content: 'hello' } }], usage: null },
      { model: 'local', choices: [], usage: { prompt_tokens: 8, completion_tokens: 4 } },
    );
    await stream(
      '/gemini/v1beta/models/m:streamGenerateContent?alt=sse',
      { modelVersion: 'm', candidates: [{}], usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 1 } },
      { candidates: [{ finishReason: 'STOP' }], usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 3 } },
    );

    const calls = await counted(pawl, door);
    assert.deepEqual(
      calls.map(({ model, tokens, isFinal }) => [model, tokens.input, tokens.output, isFinal]),
      [
        ['gpt-6-sol', 9, 2, true],
        ['local', 8, 4, true],
        ['m', 5, 3, true],
      ],
    );
  });

  it('is asked for where a stream tells it only then, and a call that could not be counted is refused', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    const options = { stream_options: { include_usage: false, other: 1 } };

    await door.call('POST', '/openai/v1/chat/completions', { body: { model: 'm', stream: true, ...options } });
    const background = await door.call('POST', '/openai/v1/responses', { body: { model: 'm', background: true } });

    const sent = JSON.parse(pawl.upstream.requests[0]!.body) as unknown;
    assert.deepEqual(sent, { model: 'm', stream: true, stream_options: { include_usage: true, other: 1 } });
    assert.equal(background.status, 400);
    assert.equal(pawl.upstream.requests.length, 1);
  });

  it('has the price of the model that was asked for where the answer does not name one', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => sendJson(response, 200, { usage: { input_tokens: 100, output_tokens: 10 } }));
    await door.call('POST', '/openai/v1/responses', { body: { model: 'gpt-6-sol' } });
    pawl.upstream.answer((_, response) => {
      const usageMetadata = { promptTokenCount: 100, candidatesTokenCount: 10 };
      sendJson(response, 200, { candidates: [{ finishReason: 'STOP' }], usageMetadata });
    });
    await door.call('POST', '/gemini/v1beta/models/gemini-2.5-flash:generateContent', { body: {} });
    assert.deepEqual(
      (await counted(pawl, door)).map(({ model, costMicros }) => [model, costMicros]),
      [
        ['gpt-6-sol', 300],
        ['gemini-2.5-flash', 55],
      ],
    );
  });

  it('has no cost when the model’s price is not known, and the run is told once', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => response.end(JSON.stringify({})));
    for (let call = 0; call < 2; call++)
      await streamCall(pawl, door, anthropicStream({ model: 'in-house', input: 10 }));

    const totals = await pawl.store.modelCalls.totals(door.runId);
    assert.deepEqual([totals.calls, totals.unpricedCalls, totals.costMicros, totals.tokens.input], [2, 2, 0, 20]);
    const events = await pawl.store.events.read(`run:${door.runId}`, { after: 0, limit: 10 });
    assert.deepEqual(
      events.map(({ type, data }) => [type, data]),
      [['model.unpriced', { model: 'in-house' }]],
    );
  });

  it('costs what a setting says', async () => {
    const prices = { 'in-house': { input: 2, output: 10, longPrompt: { aboveTokens: 1000, input: 4, output: 20 } } };
    await using pawl = await openGateway({ MODEL_PRICES: JSON.stringify(prices) });
    const door = await pawl.door();
    await streamCall(pawl, door, anthropicStream({ model: 'in-house', input: 1000, output: 10 }));
    await streamCall(pawl, door, anthropicStream({ model: 'in-house', input: 1001, output: 10 }));
    assert.deepEqual(
      (await counted(pawl, door)).map(({ costMicros }) => costMicros),
      [2100, 4204],
    );
  });

  it('is written before the agent sees the end of the answer', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    for (let call = 1; call <= 20; call++) {
      await streamCall(pawl, door, anthropicStream({ input: 10, output: 5 }));
      const { tokens } = await pawl.store.modelCalls.totals(door.runId);
      assert.deepEqual([tokens.input, tokens.output], [10 * call, 5 * call]);
    }
  });

  it('is estimated from what went by when the agent leaves before it was told', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) => {
      startStream(response);
      response.write(sse({ type: 'response.output_text.delta', ...{ delta: 'x'.repeat(4000) } }));
    });
    const leave = new AbortController();
    const body = { input: 'y'.repeat(8000) };
    const answer = await door.open('POST', '/openai/v1/responses', { body, signal: leave.signal });
    await once(answer, 'data');
    answer.on('error', () => undefined);
    leave.abort();

    await until('the call is counted', async () => (await pawl.store.modelCalls.totals(door.runId)).tokens.output > 0, {
      pollMs: 10,
    });
    const [call] = await counted(pawl, door);
    assert.equal(call?.isFinal, false);
    assert.equal(call?.tokens.output, 1000);
    assert.ok(call.tokens.input >= 2000);
  });

  it('is estimated from the request, however that comes, when the agent leaves before any answer', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer(() => undefined);
    const leave = new AbortController();
    // Without a length in its head.
    const body = Readable.from(['{"text":"', 'y'.repeat(8000), '"}']);
    const call = door.open('POST', '/v1/messages', { body, signal: leave.signal });
    await until('the call arrives upstream', () => pawl.upstream.requests.length === 1, { pollMs: 10 });
    leave.abort();
    await assert.rejects(call);
    const input = async () => (await pawl.store.modelCalls.totals(door.runId)).tokens.input;
    await until('the call is counted', async () => (await input()) === 2003, { pollMs: 10 });
  });

  it('is nothing for a call that the provider refused', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door();
    pawl.upstream.answer((_, response) =>
      sendJson(response, 529, { type: 'error', error: { type: 'overloaded_error' } }),
    );
    await door.call('POST', '/v1/messages', { body: { text: 'x'.repeat(4000) } });
    assert.deepEqual(
      (await counted(pawl, door)).map(({ tokens, isFinal }) => [tokens.input, isFinal]),
      [[0, true]],
    );
  });
});
