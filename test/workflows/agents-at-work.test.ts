/** Agents at work: what becomes of a run whose container dies, and of one whose agent is stopped. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';
import { loseContainer } from '../support/runs/run-world.ts';

describe('an agent at work', () => {
  let house: RunHouse;
  before(async () => {
    house = await openRunHouse();
    await house.addRunner('host-a', 8);
  });
  beforeEach(() => house.play({}));
  after(async () => house[Symbol.asyncDispose]());

  it('starts the container again when it dies, and says so', async () => {
    house.play({ agent: (runId) => (house.world.began.filter((one) => one === runId).length > 1 ? {} : null) });
    const story = await house.prompt();
    await story.works();
    loseContainer(house.world, story.runId, 'killed');
    assert.equal((await story.ends()).status, 'completed');
    assert.ok((await story.eventTypes()).includes('run.moved'));
  });

  it('gives up a container that dies again and again', async () => {
    house.play({
      after: (name, runId) => {
        if (name === 'ensureAgentContainer') loseContainer(house.world, runId, 'out of memory');
      },
      agent: () => null,
    });
    const story = await house.prompt();
    const ended = await story.ends();
    assert.deepEqual([ended.status, ended.errorCode], ['failed', 'AgentFailed']);
    assert.deepEqual(story.remains(), []);
  });

  for (const step of ['stopAgent', 'collectResults']) {
    it(`stops an agent that did not end by itself and keeps what it did, however often ${step} has to be tried`, async () => {
      let failures = 0;
      house.play({
        agent: () => null,
        before: (name) => {
          if (name === step && ++failures <= 2) throw failure('RunnerUnavailable', 'not now');
        },
      });
      const story = await house.prompt();
      await story.works();
      await story.cancel();
      const ended = await story.ends();
      assert.deepEqual([ended.status, failures], ['cancelled', 3]);
      assert.ok(ended.artifacts.includes('result.bundle'));
      assert.deepEqual(story.remains(), []);
    });
  }

  it('keeps what a cancelled agent did, and the answer says that it is cancelled', async () => {
    house.play({ agent: () => null });
    const story = await house.prompt();
    await story.works();
    await story.cancel();
    await story.cancel();
    const ended = await story.ends();
    assert.equal(ended.status, 'cancelled');
    assert.ok(ended.artifacts.includes('result.bundle'));
    assert.deepEqual(await story.finalWords(), ['run.cancelled']);
  });
});
