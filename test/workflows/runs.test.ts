/** The life of a run: what it does, and what becomes of it when a step fails or somebody cancels it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { failure } from '../../activities/failures.ts';
import { until } from '../../engine/until.ts';
import { historySize } from '../support/history-size.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';

/** Every step that a run with a repository takes, in order. */
const steps = [
  'checkCredentials',
  'prepareRepository',
  'writeJob',
  'ensureAgentContainer',
  'waitForAgent',
  'removeRunRemains',
  'publishBranch',
  'openPullRequest',
  'keepDiff',
  'forgetRun',
  'saveSession',
] as const;

/** Those that are tried for as long as it takes. */
const neverGivenUp = ['removeRunRemains', 'forgetRun', 'saveSession'];

/** Those without which the run is as good. */
const mayFail = ['keepDiff', 'publishBranch', 'openPullRequest'];

/** What takes every step. */
const everything = { publish: 'pull_request' } as const;

describe('the life of a run', () => {
  let house: RunHouse;
  before(async () => {
    house = await openRunHouse();
    await house.addRunner('host-a', 8);
  });
  beforeEach(() => house.play({}));
  after(async () => house[Symbol.asyncDispose]());

  it('takes its steps in order, publishes, and leaves nothing behind', async () => {
    const story = await house.prompt(everything);
    const ended = await story.ends();

    assert.equal(ended.status, 'completed');
    assert.equal(ended.commit, `commit-of-${story.runId}`);
    assert.match(ended.pullRequest?.url ?? '', /^https:\/\/git\.example\/pull\/\d+$/);
    assert.deepEqual(ended.usage, { inputTokens: 10, outputTokens: 5, cost: { micros: 250_000, currency: 'USD' } });
    assert.deepEqual(story.remains(), []);
    assert.deepEqual(await story.eventTypes(), [
      'run.accepted',
      'run.queued',
      'run.preparing',
      'repository.cloning',
      'repository.cloned',
      'branch.named',
      'publish.started',
      'publish.committed',
      'publish.pushed',
      'pull_request.opened',
      'run.completed',
    ]);
  });

  it('costs at most 120 history events', async () => {
    const story = await house.prompt(everything);
    await story.ends();
    const { events } = await historySize(story.handle);
    assert.ok(events <= 120, `${events} events`);
  });

  it('gives its place back when it ends', async () => {
    const story = await house.prompt(everything);
    await story.ends();
    const next = await house.prompt(everything);
    await next.ends();
    assert.ok(!house.world.held.get('host-a')?.has(story.runId));
  });

  for (const step of steps) {
    it(`goes on when ${step} fails for a while`, async () => {
      let failures = 0;
      house.play({
        before: (name) => {
          if (name === step && ++failures === 1) throw failure('RunnerUnavailable', 'not now');
        },
      });
      const story = await house.prompt(everything);
      const ended = await story.ends();

      assert.equal(ended.status, 'completed');
      assert.deepEqual(await story.finalWords(), ['run.completed']);
      assert.deepEqual(story.remains(), []);
    });

    it(`is done once, though the answer of ${step} is lost`, async () => {
      let isLost = false;
      house.play({
        after: (name) => {
          if (name !== step || isLost) return;
          isLost = true;
          throw failure('RunnerUnavailable', 'the answer is lost');
        },
      });
      const story = await house.prompt(everything);
      const ended = await story.ends();

      assert.equal(ended.status, 'completed');
      assert.equal(house.world.began.filter((runId) => runId === story.runId).length, 1);
      const branch = house.world.branches.get(ended.branch ?? '');
      assert.deepEqual(branch, ['commit-0', `commit-of-${story.runId}`]);
    });

    it(`has one end and leaves nothing when it is cancelled in ${step}`, async () => {
      const cancelled = Promise.withResolvers<void>();
      let isAsked = false;
      house.play({
        before: async (name) => {
          if (name !== step || isAsked) return;
          isAsked = true;
          // The end may be decided already: then it stays as it is.
          await story.cancel().catch(() => undefined);
          cancelled.resolve();
        },
      });
      const story = await house.prompt(everything);
      await cancelled.promise;
      const ended = await story.ends();

      const isTooLate = ['keepDiff', 'forgetRun', 'saveSession'].includes(step);
      assert.equal(ended.status, isTooLate ? 'completed' : 'cancelled');
      assert.deepEqual(await story.finalWords(), [isTooLate ? 'run.completed' : 'run.cancelled']);
      assert.deepEqual(story.remains(), []);
    });

    if (neverGivenUp.includes(step)) continue;
    it(`${mayFail.includes(step) ? 'completes' : 'fails with the reason'} when ${step} fails for good`, async () => {
      house.play({
        before: (name) => {
          if (name === step) throw failure('PublishRefused', 'never');
        },
      });
      const story = await house.prompt(everything);
      const ended = await story.ends();

      if (mayFail.includes(step)) assert.equal(ended.status, 'completed');
      else assert.deepEqual([ended.status, ended.errorCode, ended.error], ['failed', 'PublishRefused', 'never']);
      assert.equal((await story.finalWords()).length, 1);
      assert.deepEqual(story.remains(), []);
    });
  }

  for (const [outcome, code] of [
    ['failed', 'AgentFailed'],
    ['refused', 'AgentRefused'],
    ['limit', 'LimitReached'],
    ['aborted', 'AgentFailed'],
  ] as const) {
    it(`fails and publishes nothing when the agent ends as ${outcome}, and keeps what it did`, async () => {
      house.play({ agent: () => ({ outcome, reason: 'so it is' }) });
      const story = await house.prompt();
      const ended = await story.ends();

      assert.deepEqual([ended.status, ended.errorCode, ended.error], ['failed', code, 'so it is']);
      assert.equal(ended.commit, null);
      for (const file of ['result.bundle', 'changes.diff']) assert.ok(ended.artifacts.includes(file));
      assert.ok(house.world.sessions.has(story.input.sessionId));
    });
  }

  it('publishes nothing unless it was asked to', async () => {
    const story = await house.prompt({ publish: 'none' });
    const ended = await story.ends();
    assert.deepEqual([ended.status, ended.commit], ['completed', null]);
    assert.ok(!house.world.journal.includes(`publishBranch ${story.runId}`));
  });

  it('opens no pull request unless it was asked to, nor for a branch that could not be pushed', async () => {
    const story = await house.prompt({ publish: 'branch' });
    assert.equal((await story.ends()).pullRequest, null);
    house.play({
      before: (name) => {
        if (name === 'publishBranch') throw failure('PublishRefused', 'never');
      },
    });
    const refused = await house.prompt(everything);
    assert.deepEqual([(await refused.ends()).status, (await refused.ends()).pullRequest], ['completed', null]);
    for (const { runId } of [story, refused]) assert.ok(!house.world.journal.includes(`openPullRequest ${runId}`));
  });

  it('needs no repository', async () => {
    const story = await house.prompt({ repository: null });
    assert.equal((await story.ends()).status, 'completed');
    assert.ok(!house.world.journal.includes(`prepareRepository ${story.runId}`));
  });

  it('calls back whoever asked for that, once it has said its last word', async () => {
    const story = await house.prompt({ callback: { url: 'https://receiver.example/', signer: 'somebody' } });
    await story.ends();
    const subject = `run:${story.runId}`;
    await until('the callback is written down', async () => (await called()).length > 0);
    assert.deepEqual(
      (await called()).map(({ id, type, url }) => [id, type, url]),
      [[`cb-${story.runId}-completed`, 'run.completed', 'https://receiver.example/']],
    );

    async function called() {
      return await house.store.callbacks.list({ subject, limit: 10 });
    }
  });
});
