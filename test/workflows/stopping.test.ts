/** Stopping works at any moment, once. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isRefusedUpdate } from '../support/is-refused-update.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

describe('stopping a workspace', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  /** A workspace that is being removed, by a provider that takes its time until `release`. */
  async function startRemoval(): Promise<{ story: Story; release: () => void }> {
    const story = await house.start();
    await story.becomesReady();
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    house.script.before = async (call) => void (call === 'removeMachine' && (await answer));
    await story.stop();
    await story.reaches('stopping');
    return { story, release };
  }

  it('works while the provider is still making the machine', async () => {
    const story = await house.start();
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: answer, resolve: release } = Promise.withResolvers<void>();
    house.script.before = async (call) => {
      if (call !== 'ensureMachine') return;
      ask();
      await answer;
    };
    await asked;

    const stopping = await story.stop();
    release();
    const ended = await story.ends();

    assert.equal(stopping.status, 'creating');
    assert.deepEqual([ended.status, ended.stopReason], ['stopped', 'requested']);
    assert.deepEqual(story.machines(), []);
  });

  it('works while the machine boots', async () => {
    const story = await house.start();
    await story.reachesEvent('machine.created');
    await story.bootReports('clone', 'started');
    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    assert.deepEqual(story.machines(), []);
  });

  it('works while the terminal does not answer yet', async () => {
    const story = await house.start();
    house.terminal.answer(503);
    await story.reachesEvent('machine.created');
    await story.bootReports('ready', 'done');
    await story.waitsFor('the terminal to answer');
    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    assert.deepEqual(story.machines(), []);
  });

  it('may be asked for again while it is under way, and changes nothing', async () => {
    const { story, release } = await startRemoval();

    const again = await story.stop();
    await assert.rejects(story.extend(10), isRefusedUpdate(/stopping/));
    release();

    assert.equal(again.status, 'stopping');
    assert.equal((await story.ends()).status, 'stopped');
  });

  it('follows a cancellation from the Temporal Web UI', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.handle.cancel();
    assert.deepEqual((await story.ends()).stopReason, 'cancelled');
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
  });

  it('is not undone by a cancellation while it removes', async () => {
    const { story, release } = await startRemoval();
    await story.handle.cancel();
    release();
    assert.equal((await story.ends()).status, 'stopped');
    assert.deepEqual(story.machines(), []);
  });
});
