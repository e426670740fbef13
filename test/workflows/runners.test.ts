/** Places on runners: who gets one, and what becomes of a run whose runner goes away. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../../engine/until.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';
import { endAgent } from '../support/runs/run-world.ts';

describe('places on runners', () => {
  let house: RunHouse;
  before(async () => void (house = await openRunHouse()));
  after(async () => house[Symbol.asyncDispose]());

  it('waits for a runner, and can be cancelled meanwhile', async () => {
    const story = await house.prompt();
    await until('it waits for a place', async () => (await story.state()).step === 'wait for a runner');
    assert.equal((await story.state()).waitingFor?.what, 'a place on a runner');
    await story.cancel();
    assert.equal((await story.ends()).status, 'cancelled');
  });

  it('never has more agents on a runner than it has places', async () => {
    const leave = await house.addRunner('host-small', 2);
    house.play({ agent: () => null });
    const stories = await Promise.all(Array.from({ length: 5 }, () => house.prompt()));
    for (let ended = 0; ended < stories.length; ended += 1) {
      await until('one more has begun', () => house.world.containers.size > 0);
      const [runId] = house.world.containers.keys();
      endAgent(house.world, runId ?? '');
      await until('it is gone', () => !house.world.containers.has(runId ?? ''));
    }
    for (const story of stories) assert.equal((await story.ends()).status, 'completed');
    assert.equal(house.world.mostHeld, 2);
    await leave();
  });

  it('gives a place that comes free to the most urgent run, and then to each caller in turn', async () => {
    const leave = await house.addRunner('host-one', 1);
    house.play({ agent: () => null });
    const first = await house.prompt();
    await first.works();
    const waiting = [];
    for (const [fairnessKey, priority] of [
      ['a', 3],
      ['a', 3],
      ['a', 3],
      ['b', 3],
      ['a', 1],
    ] as const) {
      const story = await house.prompt({ fairnessKey, priority });
      await until('it waits for a place', async () => (await story.state()).step === 'wait for a runner');
      waiting.push(story);
    }
    house.play({});
    endAgent(house.world, first.runId);
    for (const story of waiting) assert.equal((await story.ends()).status, 'completed');
    const names = new Map(waiting.map(({ runId }, index) => [runId, ['a1', 'a2', 'a3', 'b', 'urgent'][index]]));
    const order = house.world.began.slice(-5).map((runId) => names.get(runId));
    assert.equal(order[0], 'urgent');
    assert.ok(order.indexOf('b') < order.indexOf('a3'), order.join(', '));
    await leave();
  });

  it('goes on at another runner when its own does not come back, and says so', async () => {
    const leaveFirst = await house.addRunner('host-1');
    house.play({ agent: () => null });
    const story = await house.prompt({ runnerLostSeconds: 2 });
    await story.works();
    await leaveFirst();
    const leaveSecond = await house.addRunner('host-2');
    house.play({});
    house.world.containers.delete(story.runId);
    const ended = await story.ends();

    assert.equal(ended.status, 'completed');
    const types = await story.eventTypes();
    assert.ok(types.includes('run.moved'));
    assert.equal(types.filter((type) => type === 'repository.cloned').length, 1);
    assert.deepEqual(story.remains(), []);
    await leaveSecond();
  });

  it('goes on with the same agent when a worker of the same runner comes back', async () => {
    const leave = await house.addRunner('host-again');
    house.play({ agent: () => null });
    const story = await house.prompt();
    await story.works();
    await leave();
    const leaveAgain = await house.addRunner('host-again');
    endAgent(house.world, story.runId);
    assert.equal((await story.ends()).status, 'completed');
    assert.equal(house.world.began.filter((runId) => runId === story.runId).length, 1);
    assert.ok(!(await story.eventTypes()).includes('run.moved'));
    await leaveAgain();
  });
});
