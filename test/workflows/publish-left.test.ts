/** Turns without an agent: what could not be published is published later, once. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import type { RunInput, RunState } from '../../workflows/contract/run.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';
import type { RunStory } from '../support/runs/run-story.ts';

describe('a turn that only publishes', () => {
  let house: RunHouse;
  let sessionId: string;
  let count = 0;
  before(async () => {
    house = await openRunHouse();
    await house.addRunner('host-a');
  });
  beforeEach(() => {
    house.play({});
    sessionId = `unpublished-${++count}`;
  });
  after(async () => house[Symbol.asyncDispose]());

  const refusing = (step: string) => ({
    before: (name: string) => {
      if (name === step) throw failure('PublishRefused', 'not today');
    },
  });

  async function ended(run: Partial<RunInput>): Promise<{ story: RunStory; state: RunState }> {
    const story = await house.prompt({ sessionId, ...run });
    return { story, state: await story.ends() };
  }

  /** A turn whose work could not be published at this step. */
  async function stuckAt(step: string, run: Partial<RunInput> = {}): Promise<string> {
    house.play(refusing(step));
    const { story, state } = await ended(run);
    assert.equal(state.status, 'completed');
    house.play({});
    return story.runId;
  }

  const checkpoint = () => house.world.sessions.get(sessionId)?.checkpoint;

  it('pushes what the turn before left, and no agent works', async () => {
    const left = await stuckAt('publishBranch');
    const { conversation } = checkpoint()!;
    const { story, state } = await ended({ onlyPublish: true });

    assert.deepEqual([state.status, state.commit, state.startedAt], ['completed', `commit-of-${left}`, null]);
    assert.deepEqual(house.world.branches.get(state.branch ?? ''), ['commit-0', `commit-of-${left}`]);
    assert.ok(!house.world.began.includes(story.runId));
    assert.deepEqual(await story.eventTypes(), [
      ...['run.accepted', 'publish.started', 'publish.committed', 'publish.pushed', 'run.completed'],
    ]);
    const kept = checkpoint();
    assert.deepEqual([kept?.unpublished, kept?.head, kept?.branch], [null, state.commit, state.branch]);
    assert.deepEqual(kept?.conversation, conversation);
  });

  it('fails with the reason when it is refused again, and leaves the work for the next try', async () => {
    await stuckAt('publishBranch');
    const left = checkpoint();
    house.play(refusing('publishBranch'));
    const { story, state } = await ended({ onlyPublish: true });
    assert.deepEqual([state.status, state.errorCode, state.error], ['failed', 'PublishRefused', 'not today']);
    assert.ok((await story.eventTypes()).includes('publish.failed'));
    assert.deepEqual(checkpoint(), left);

    house.play({});
    assert.equal((await ended({ onlyPublish: true })).state.status, 'completed');
  });

  it('pushes once, though the answer is lost', async () => {
    const left = await stuckAt('publishBranch');
    let isLost = false;
    house.play({
      after: (name) => {
        if (name !== 'publishBranch' || isLost) return;
        isLost = true;
        throw failure('RunnerUnavailable', 'the answer is lost');
      },
    });
    const { state } = await ended({ onlyPublish: true });
    assert.deepEqual(house.world.branches.get(state.branch ?? ''), ['commit-0', `commit-of-${left}`]);
  });

  it('opens the pull request that is missing for a branch that is there', async () => {
    await stuckAt('openPullRequest', { publish: 'pull_request' });
    const before = checkpoint();
    const { story, state } = await ended({ onlyPublish: true, publish: 'pull_request' });
    assert.deepEqual([state.status, state.commit], ['completed', null]);
    assert.match(state.pullRequest?.url ?? '', /\/pull\/\d+$/);
    assert.deepEqual(await story.eventTypes(), ['run.accepted', 'pull_request.opened', 'run.completed']);
    assert.deepEqual(checkpoint(), before);
  });

  it('ends as cancelled when it is cancelled while it waits, and leaves the work', async () => {
    await stuckAt('publishBranch');
    house.play({ agent: () => null });
    const working = await house.prompt({ sessionId });
    await working.works();
    const story = await house.prompt({ sessionId, onlyPublish: true });
    await story.cancel();
    assert.equal((await story.ends()).status, 'cancelled');
    await working.cancel();
    await working.ends();
    assert.ok(checkpoint()?.unpublished);
  });

  it('says so when there is nothing', async () => {
    const { state } = await ended({ onlyPublish: true });
    assert.deepEqual([state.status, state.errorCode], ['failed', 'InvalidState']);
  });
});
