/** The life of a workspace when everything goes well. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { historySize } from '../support/history-size.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';

describe('the life of a workspace', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('is created, used and stopped, and leaves nothing behind', async () => {
    const story = await house.start();
    await story.becomesReady();
    const running = await story.state();
    assert.equal(
      running.accessUrl,
      story.machines()[0] && `https://${story.input.hostname}:${house.terminal.connectTo.port}/`,
    );

    const answer = await story.stop();
    const ended = await story.ends();

    assert.equal(answer.stopReason, 'requested');
    assert.equal(ended.status, 'stopped');
    assert.equal(ended.accessUrl, null);
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
    assert.deepEqual(
      (await story.events()).map(({ type }) => type),
      [
        'workspace.created',
        'machine.created',
        'workspace.running',
        'workspace.stopping',
        'machine.removed',
        'workspace.stopped',
      ],
    );
  });

  it('costs at most a hundred history events, and 32 KiB', async () => {
    const story = await house.start();
    await story.bootsSlowly();
    await story.stop();
    await story.ends();
    const { events, bytes } = await historySize(story.handle);
    assert.ok(events <= 100, `${events} events`);
    assert.ok(bytes <= 32 * 1024, `${bytes} bytes`);
  });
});
