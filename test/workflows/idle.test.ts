/** When nobody works in a workspace, it goes; when somebody does, it stays. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

describe('an unused workspace', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('is gone within 35 minutes of the last activity', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.beats(0);
    const lastActivityAt = await story.now();

    await story.idles(30.5);
    const ended = await story.ends();

    const minutes = ((await story.endedAt()) - lastActivityAt) / 60_000;
    assert.equal(ended.stopReason, 'idle');
    assert.ok(minutes >= 30 && minutes <= 35, `gone after ${minutes} minutes`);
    assert.deepEqual(story.machines(), []);
  });

  it('says why it goes', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.idles(30.5);
    await story.ends();

    const decisions = (await story.events()).filter(({ type }) => type === 'idle.decided');
    assert.equal(decisions.length, 1);
    const { decision, because } = decisions[0]?.data as { decision: string; because: string };
    assert.equal(decision, 'stop');
    assert.match(because, /^no activity since 20\d\d-/);
  });

  it('lives on when something happened in its last second', async () => {
    const story = await house.start();
    await story.becomesReady();
    const readyAt = await story.now();

    await story.idles(29);
    await story.passes(1.25);
    // The beat arrives after the deadline and tells of activity one second before it.
    const sinceDeadline = ((await story.now()) - readyAt) / 1000 - 30 * 60;
    await story.beats(sinceDeadline + 1);
    await story.idles(20);

    const { status, idle } = await story.state();
    assert.equal(status, 'running');
    const livesUntil = (Date.parse(idle?.shutdownAt ?? '') - readyAt) / 60_000;
    assert.ok(livesUntil > 59.9 && livesUntil < 60.1, `${livesUntil} minutes after it got ready`);
    await stop(story);
  });

  it('tells who kept it alive when an announced end passes', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.idles(20);
    await story.beats(0, 'agent');
    assert.deepEqual(
      (await story.state()).idle?.keptAliveBy.map(({ by }) => by),
      ['agent'],
    );

    await story.idles(26);
    await story.reachesEvent('idle.decided');

    const kept = (await story.events()).find(({ type }) => type === 'idle.decided');
    assert.match((kept?.data as { because: string }).because, /^agent \d+ min ago$/);
    await stop(story);
  });

  it('is kept for as long as somebody asked, and no longer', async () => {
    const story = await house.start();
    await story.becomesReady();
    const extended = await story.extend(120);
    assert.ok(extended.idle);

    await story.idles(100);
    assert.equal((await story.state()).status, 'running');

    await story.idles(21);
    assert.equal((await story.ends()).stopReason, 'idle');
  });

  it('is not kept shorter by a second, smaller wish', async () => {
    const story = await house.start();
    await story.becomesReady();
    const first = await story.extend(600);
    const second = await story.extend(10);
    assert.equal(second.idle?.shutdownAt, first.idle?.shutdownAt);
    await stop(story);
  });
});

async function stop(story: Story): Promise<void> {
  await story.stop();
  await story.ends();
}
