import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../activities/failures.ts';
import { createBreaker, type Breaker } from '../../activities/providers/breaker.ts';

const openMs = 30_000;

function fails(): Promise<never> {
  return Promise.reject(failure('ProviderUnavailable', 'connection refused'));
}

async function works(): Promise<string> {
  return 'made';
}

async function opened(context: TestContext): Promise<Breaker> {
  context.mock.timers.enable({ apis: ['Date'], now: Date.parse('2026-01-01T00:00:00Z') });
  const breaker = createBreaker('cloud', { failures: 3, openMs });
  for (let count = 0; count < 3; count++) await assert.rejects(breaker.guard(fails), { message: 'connection refused' });
  return breaker;
}

describe('the breaker of a provider', () => {
  it('opens after failures in a row, and says when it is tried again', async (context) => {
    const breaker = await opened(context);
    assert.deepEqual(breaker.report(), {
      state: 'open',
      since: '2026-01-01T00:00:00.000Z',
      until: '2026-01-01T00:00:30.000Z',
    });
    context.mock.timers.tick(10_000);
    await assert.rejects(breaker.guard(works), (error: ApplicationFailure) => {
      assert.equal(error.type, 'ProviderUnavailable');
      assert.equal(error.nonRetryable, false);
      assert.equal(error.nextRetryDelay, 20_000);
      assert.match(error.message, /tried again at 2026-01-01T00:00:30/);
      return true;
    });
  });

  it('stays closed when an answer comes in between, or when the provider refuses', async () => {
    const breaker = createBreaker('cloud', { failures: 2 });
    for (let count = 0; count < 3; count++) {
      await assert.rejects(breaker.guard(fails));
      await breaker.guard(works);
    }
    const refuses = () => Promise.reject(failure('ProviderRefused', 'bad token'));
    for (let count = 0; count < 5; count++) await assert.rejects(breaker.guard(refuses), { message: 'bad token' });
    assert.equal(breaker.report().state, 'closed');
  });

  it('lets one call alone try the provider, and closes when that works', async (context) => {
    const breaker = await opened(context);
    context.mock.timers.tick(openMs);
    assert.deepEqual([breaker.report().state, breaker.report().until], ['half-open', null]);
    const { promise, resolve } = Promise.withResolvers<string>();
    const trial = breaker.guard(() => promise);
    await assert.rejects(breaker.guard(works), { type: 'ProviderUnavailable', nextRetryDelay: 5_000 });
    resolve('made');
    assert.equal(await trial, 'made');
    assert.equal(breaker.report().state, 'closed');
    assert.equal(await breaker.guard(works), 'made');
  });

  it('opens again when the trial fails, and also when it is called off', async (context) => {
    const breaker = await opened(context);
    context.mock.timers.tick(openMs);
    await assert.rejects(breaker.guard(fails), { message: 'connection refused' });
    assert.equal(breaker.report().state, 'open');
    context.mock.timers.tick(openMs);
    const calledOff = Object.assign(new Error('called off'), { name: 'AbortError' });
    await assert.rejects(
      breaker.guard(() => Promise.reject(calledOff)),
      { name: 'AbortError' },
    );
    assert.equal(breaker.report().state, 'open');
  });

  it('does not count what was called off while it is closed', async () => {
    const breaker = createBreaker('cloud', { failures: 1 });
    const calledOff = Object.assign(new Error('called off'), { name: 'AbortError' });
    await assert.rejects(breaker.guard(() => Promise.reject(calledOff)));
    assert.equal(breaker.report().state, 'closed');
  });

  it('lets looks and removals through in every state; their success closes it', async (context) => {
    const breaker = await opened(context);
    await assert.rejects(breaker.pass(fails), { message: 'connection refused' });
    assert.equal(breaker.report().state, 'open');
    assert.equal(await breaker.pass(works), 'made');
    assert.equal(breaker.report().state, 'closed');
    await assert.rejects(breaker.guard(fails));
    assert.equal(breaker.report().state, 'closed', 'it counts from the beginning');
  });

  it('takes the failures of looks and removals for what they are', async () => {
    const breaker = createBreaker('cloud', { failures: 3 });
    for (let count = 0; count < 3; count++) await assert.rejects(breaker.pass(fails));
    assert.equal(breaker.report().state, 'open');
  });
});
