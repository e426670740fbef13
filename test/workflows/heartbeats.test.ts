/** Heartbeats: what many of them cost, and what happens when they stop. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { historySize } from '../support/history-size.ts';
import { openLifecycleHouse, type LifecycleHouse } from '../support/lifecycle.ts';
import { switchOff } from '../support/scripted-provider.ts';

describe('the heartbeats of a machine', () => {
  let house: LifecycleHouse;
  before(async () => void (house = await openLifecycleHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('may be thousands: the lifecycle continues as new and forgets nothing', async () => {
    const story = await house.start({ limits: { maxHistoryEvents: 400 } });
    await story.becomesReady();
    const { createdAt, accessUrl } = await story.state();
    await story.extend(3000);
    const { shutdownAt } = (await story.state()).idle ?? {};

    for (let burst = 0; burst < 40; burst++) {
      await Promise.all(Array.from({ length: 50 }, () => story.beats(0)));
      await story.passes(5);
    }

    const state = await story.state();
    const { runId } = await story.handle.describe();
    assert.notEqual(runId, story.firstRunId, 'it continued as new');
    assert.equal(state.createdAt, createdAt);
    assert.equal(state.accessUrl, accessUrl);
    assert.equal(state.idle?.shutdownAt, shutdownAt);
    assert.equal(state.idle?.state, 'active');

    await story.stop();
    assert.equal((await story.ends()).status, 'stopped');
    const keys = (await story.events()).map(({ seq }) => seq);
    assert.deepEqual(
      keys,
      keys.map((_, index) => index + 1),
    );
  });

  it('cost at most 1,600 history events and 512 KiB a day as the API forwards them', async () => {
    const story = await house.start({ limits: { maxHistoryEvents: 40_000 } });
    await story.becomesReady();

    // An API process forwards the beats of a busy machine every 7.5 minutes: half of the time after which they count as lost.
    for (let minutes = 0; minutes < 24 * 60; minutes += 7.5) {
      await story.passes(7.5);
      await story.beats(10);
    }

    const { events, bytes } = await historySize(story.handle);
    assert.ok(events <= 1600, `${events} events`);
    assert.ok(bytes <= 512 * 1024, `${bytes} bytes`);
    await story.stop();
    await story.ends();
  });

  it('may fail for a while: a machine that runs gets a second chance', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.extend(600);

    await story.passes(16);
    await story.reachesEvent('heartbeat.lost');
    assert.equal((await story.state()).idle?.state, 'unknown');
    await story.beats(0);
    await story.passes(20);

    assert.equal((await story.state()).status, 'running');
    await story.stop();
    await story.ends();
  });

  it('that never come back cost the machine its life', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.extend(600);

    const ended = await story.ends();

    assert.equal(ended.status, 'failed');
    assert.equal(ended.errorCode, 'MachineLost');
    assert.match(ended.error ?? '', /without a heartbeat for 30 minutes/);
    assert.deepEqual(story.machines(), []);
  });

  it('that stop because the machine is off lead to its removal at the first look', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.extend(600);
    switchOff(house.cloud, story.input.workspaceId);

    const ended = await story.ends();

    assert.equal(ended.errorCode, 'MachineLost');
    assert.match(ended.error ?? '', /the machine is stopped, without a heartbeat for 15 minutes/);
    assert.deepEqual(story.machines(), []);
  });

  it('of a machine whose provider cannot be asked count as silence, not as death', async () => {
    const story = await house.start();
    await story.becomesReady();
    await story.extend(600);
    house.replaced.readMachine = () => Promise.reject(new Error('the provider is away'));

    await story.passes(27);
    await story.reachesEvent('heartbeat.lost');
    await story.beats(0);

    assert.equal((await story.state()).status, 'running');
    await story.stop();
    await story.ends();
  });
});
