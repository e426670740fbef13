/** No workspace gets older than its lifetime. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import type { Story } from '../support/story.ts';

const lifetimeMinutes = 120;

describe('the lifetime of a workspace', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  async function works(story: Story, minutes: number): Promise<void> {
    for (let passed = 0; passed < minutes; passed += 5) {
      await story.passes(5);
      await story.beats(0, 'agent');
    }
  }

  async function ageAtEnd(story: Story): Promise<number> {
    const { startTime } = await story.handle.describe();
    return ((await story.endedAt()) - startTime.getTime()) / 60_000;
  }

  async function announcements(story: Story): Promise<unknown[]> {
    return (await story.events()).filter(({ type }) => type === 'lifetime.ending').map(({ data }) => data);
  }

  it('ends it in the middle of work, and leaves nothing behind', async () => {
    const story = await house.start({ limits: { lifetimeMinutes } });
    await story.becomesReady();
    const { expiresAt } = await story.state();
    await works(story, 115);
    assert.equal((await story.state()).status, 'running');
    await story.passes(6);

    const ended = await story.ends();

    assert.deepEqual([ended.status, ended.stopReason, ended.expiresAt], ['stopped', 'lifetime', null]);
    const age = await ageAtEnd(story);
    assert.ok(age >= 120 && age < 121, `${age} minutes`);
    assert.deepEqual(await announcements(story), [{ expiresAt }]);
    assert.deepEqual(story.machines(), []);
    assert.deepEqual(await story.secrets(), []);
  });

  it('is announced ten minutes before its end', async () => {
    const story = await house.start({ limits: { lifetimeMinutes } });
    await story.becomesReady();
    await works(story, 105);
    assert.deepEqual(await announcements(story), []);
    await story.passes(6);
    await story.reachesEvent('lifetime.ending');
    await stop(story);
  });

  it('is not outlasted by an extension', async () => {
    const story = await house.start({ limits: { lifetimeMinutes } });
    await story.becomesReady();
    const extended = await story.extend(600);
    assert.equal(extended.idle?.shutdownAt, extended.expiresAt);
    await works(story, 115);
    assert.equal((await story.ends()).stopReason, 'lifetime');
  });

  it('counts on across continue-as-new, and is announced once', async () => {
    const story = await house.start({ limits: { lifetimeMinutes, maxHistoryEvents: 90 } });
    await story.becomesReady();
    const { expiresAt } = await story.extend(600);
    // All at once: this server loses what comes in the very moment in which a run continues as new.
    await Promise.all(Array.from({ length: 50 }, () => story.beats(0)));
    await until('it continues as new', async () => (await story.handle.describe()).runId !== story.firstRunId);
    assert.equal((await story.state()).expiresAt, expiresAt);
    for (let passed = 0; passed < 112; passed += 14) {
      await story.passes(14);
      await story.beats(0);
    }
    assert.equal((await story.ends()).stopReason, 'lifetime');
    assert.equal((await announcements(story)).length, 1);
  });

  it('ends also what never became ready', async () => {
    const story = await house.start({ limits: { lifetimeMinutes: 12 } });
    const ended = await story.ends();
    assert.deepEqual([ended.status, ended.stopReason], ['stopped', 'lifetime']);
    assert.equal((await announcements(story)).length, 1);
    assert.deepEqual(story.machines(), []);
  });

  it('shorter than its announcement is announced at once', async () => {
    const story = await house.start({ limits: { lifetimeMinutes: 5 } });
    await story.becomesReady();
    await story.reachesEvent('lifetime.ending');
    assert.equal((await story.ends()).stopReason, 'lifetime');
  });

  it('has no end where none is set', async () => {
    const story = await house.start();
    await story.becomesReady();
    assert.equal((await story.state()).expiresAt, null);
    await works(story, 25 * 60);
    assert.equal((await story.state()).status, 'running');
    await stop(story);
  });
});

async function stop(story: Story): Promise<void> {
  await story.stop();
  await story.ends();
}
