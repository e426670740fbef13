/** Sessions: turns in order, one at a time, each from where the one before it ended. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import { failure } from '../../activities/failures.ts';
import {
  closeSessionUpdate,
  interruptSessionUpdate,
  promptSessionUpdate,
  sessionQueueQuery,
  sessionWorkflowId,
} from '../../workflows/contract/session.ts';
import { runStream, runWorkflowId, type RunInput } from '../../workflows/contract/run.ts';
import type { agentRun } from '../../workflows/run/agent-run.ts';
import { isFailure } from '../support/is-failure.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';
import { newRunInput } from '../support/runs/run-input.ts';
import { endAgent } from '../support/runs/run-world.ts';

describe('a session', () => {
  let house: RunHouse;
  let sessionId: string;
  let count = 0;
  before(async () => {
    house = await openRunHouse();
    await house.addRunner('host-a', 8);
  });
  beforeEach(() => {
    house.play({});
    sessionId = `conversation-${++count}`;
  });
  after(async () => house[Symbol.asyncDispose]());

  const handle = () => house.client.workflow.getHandle(sessionWorkflowId(sessionId));

  it('works on its prompts in order, one at a time', async () => {
    house.play({ agent: () => null });
    const stories = [
      await house.prompt({ sessionId }),
      await house.prompt({ sessionId }),
      await house.prompt({ sessionId }),
    ];
    const [first, ...waiting] = stories.map(({ runId }) => runId);
    await stories[0]?.works();
    assert.deepEqual(await handle().query(sessionQueueQuery), { working: first, waiting });
    assert.equal((await stories[1]?.state())?.status, 'queued');
    for (const story of stories) {
      await story.works();
      assert.equal(house.world.containers.size, 1);
      endAgent(house.world, story.runId);
      assert.equal((await story.ends()).status, 'completed');
    }
    assert.deepEqual(
      house.world.began.slice(-3),
      stories.map(({ runId }) => runId),
    );
  });

  it('begins again at its own base when its branch was merged and deleted, and its next pull request goes there', async () => {
    const { branches, pulls } = house.world;
    branches.set('develop', ['commit-of-develop']);
    const repository = { ...newRunInput().repository!, branch: 'develop' };
    const asked = { sessionId, repository, publish: 'pull_request' } as const;
    const first = await (await house.prompt(asked)).ends();
    branches.delete(first.branch ?? '');
    pulls.delete(first.branch ?? '');
    const story = await house.prompt({ ...asked, repository: { ...repository, branch: null } });
    const second = await story.ends();
    assert.equal(second.branch, first.branch);
    assert.deepEqual(branches.get(second.branch ?? ''), ['commit-of-develop', second.commit]);
    assert.equal(pulls.get(second.branch ?? '')?.base, 'develop');
    const events = await house.store.events.read(runStream(story.runId), { after: 0, limit: 100 });
    const cloned = events.find(({ type }) => type === 'repository.cloned')?.data as {
      branch: string;
      fellBack: boolean;
    };
    assert.deepEqual([cloned.branch, cloned.fellBack], ['develop', true]);
  });

  it('stays in the folder that it began in, whatever a later turn calls it, and also without a repository', async () => {
    const folderOf = async (run: Partial<RunInput>): Promise<unknown> => {
      const story = await house.prompt({ sessionId, ...run });
      await story.ends();
      return house.world.jobs.get(story.runId)?.directory;
    };
    assert.equal(await folderOf({ directory: 'hello-world' }), 'hello-world');
    assert.equal(await folderOf({ directory: 'other' }), 'hello-world');
    assert.equal(await folderOf({ directory: '', repository: null, publish: 'none' }), 'hello-world');
  });

  it('that began before folders had names stays in the one without', async () => {
    const first = await house.prompt({ sessionId });
    await first.ends();
    const kept = house.world.sessions.get(sessionId);
    assert.ok(kept);
    delete kept.checkpoint.directory;
    const second = await house.prompt({ sessionId, directory: 'hello-world' });
    await second.ends();
    assert.equal(house.world.jobs.get(second.runId)?.directory, '');
    const events = await house.store.events.read(runStream(second.runId), { after: 0, limit: 100 });
    const cloned = events.find(({ type }) => type === 'repository.cloned');
    assert.equal((cloned?.data as { directory: string }).directory, '');
  });

  it('goes on with the conversation, and with the same branch', async () => {
    const first = await house.prompt({ sessionId });
    const { branch } = await first.ends();
    const second = await house.prompt({ sessionId, promptStart: 'Something else' });
    const ended = await second.ends();

    assert.equal(ended.branch, branch);
    assert.deepEqual(house.world.branches.get(branch ?? ''), [
      'commit-0',
      `commit-of-${first.runId}`,
      `commit-of-${second.runId}`,
    ]);
    const job = house.world.jobs.get(second.runId);
    assert.deepEqual(job?.conversation, {
      agent: 'claude',
      providerSessionId: 'conversation-1',
      archive: `run/${first.runId}/files/session.tar`,
    });
    assert.equal(job?.repository?.baseCommit, `commit-of-${first.runId}`);
  });

  it('begins anew, and says so, when what it had cannot be read', async () => {
    await (await house.prompt({ sessionId })).ends();
    house.play({
      before: (name) => {
        if (name === 'readCheckpoint') throw failure('CheckpointUnreadable', 'branch: expected string');
      },
    });
    const second = await house.prompt({ sessionId });
    assert.equal((await second.ends()).status, 'completed');
    assert.equal(house.world.jobs.get(second.runId)?.conversation, null);
    const events = await house.store.events.read(runStream(second.runId), { after: 0, limit: 2 });
    assert.deepEqual(
      events.map(({ type, data }) => [type, type === 'session.unreadable' && data]),
      [
        ['run.accepted', false],
        ['session.unreadable', { reason: 'branch: expected string' }],
      ],
    );
  });

  it('has one pull request for all of its turns, into the branch that its work began at', async () => {
    const publish = 'pull_request';
    const first = await house.prompt({ sessionId, publish });
    const opened = await first.ends();
    const second = await house.prompt({ sessionId, publish });
    const ended = await second.ends();

    assert.deepEqual(ended.pullRequest, opened.pullRequest);
    assert.ok((await second.eventTypes()).includes('pull_request.updated'));
    const pull = house.world.pulls.get(ended.branch ?? '');
    assert.deepEqual([pull?.base, pull?.openedBy], ['main', first.runId]);
  });

  it('gets its pull request later for what is a branch already, also from a turn that changes nothing', async () => {
    const first = await house.prompt({ sessionId, publish: 'branch' });
    const { branch } = await first.ends();
    house.play({ agent: () => ({ files: ['session.tar'] }) });
    const second = await house.prompt({ sessionId, publish: 'pull_request' });
    assert.ok((await second.ends()).pullRequest);
    assert.equal(house.world.pulls.get(branch ?? '')?.openedBy, second.runId);
    assert.equal(house.world.pulls.get(branch ?? '')?.base, 'main');
  });

  it('refuses a prompt beyond its queue, and takes a repeated one as the same', async () => {
    house.play({ agent: () => null });
    const working = await house.prompt({ sessionId }, { queueLimit: 1 });
    await working.works();
    const waiting = await house.prompt({ sessionId });
    await house.prompt(waiting.input);
    await assert.rejects(
      house.prompt({ sessionId }),
      (error) => error instanceof WorkflowUpdateFailedError && isFailure('Busy', /1 prompts waiting/)(error.cause),
    );
    for (const story of [working, waiting]) {
      await story.works();
      endAgent(house.world, story.runId);
      await story.ends();
    }
    assert.equal(house.world.began.filter((runId) => runId === waiting.runId).length, 1);
  });

  it('interrupts the turn that it works on, and goes on with the next', async () => {
    house.play({ agent: () => null });
    const first = await house.prompt({ sessionId });
    const second = await house.prompt({ sessionId });
    await first.works();
    assert.deepEqual(await handle().executeUpdate(interruptSessionUpdate), { runId: first.runId });
    assert.equal((await first.ends()).status, 'cancelled');
    await second.works();
    endAgent(house.world, second.runId);
    assert.equal((await second.ends()).status, 'completed');
  });

  it('passes over a turn that was cancelled while it waited', async () => {
    house.play({ agent: () => null });
    const [first, second, third] = [
      await house.prompt({ sessionId }),
      await house.prompt({ sessionId }),
      await house.prompt({ sessionId }),
    ];
    await first.works();
    await second.cancel();
    assert.equal((await second.ends()).status, 'cancelled');
    house.play({});
    endAgent(house.world, first.runId);
    assert.equal((await third.ends()).status, 'completed');
    assert.ok(!house.world.began.includes(second.runId));
  });

  it('cancels every turn when it is closed, and takes no more', async () => {
    house.play({ agent: () => null });
    const stories = [await house.prompt({ sessionId }), await house.prompt({ sessionId })];
    await stories[0]?.works();
    await handle().executeUpdate(closeSessionUpdate);
    await assert.rejects(
      house.prompt({ sessionId }),
      (error) => error instanceof WorkflowUpdateFailedError && isFailure('InvalidState', /being closed/)(error.cause),
    );
    for (const story of stories) assert.equal((await story.ends()).status, 'cancelled');
  });

  it('cancels also the turns that are being accepted while it is closed', async () => {
    await (await house.prompt({ sessionId })).ends();
    const inputs = Array.from({ length: 12 }, () => newRunInput({ sessionId }));
    const prompts = inputs.map((run) => handle().executeUpdate(promptSessionUpdate, { args: [run] }));
    // In one workflow task with some of the prompts: their runs are not there yet.
    const closed = handle().executeUpdate(closeSessionUpdate);
    const answers = await Promise.allSettled(prompts);
    await closed;
    const accepted = inputs.filter((_, index) => answers[index]?.status === 'fulfilled');
    for (const { runId } of accepted) {
      const run = house.client.workflow.getHandle<typeof agentRun>(runWorkflowId(runId));
      assert.equal((await run.result()).status, 'cancelled');
    }
  });

  it('loses nothing when it continues as new between turns', async () => {
    house.play({ agent: () => null });
    const stories = [];
    for (let n = 0; n < 4; n += 1) stories.push(await house.prompt({ sessionId }, { maxHistoryEvents: 20 }));
    for (const story of stories) {
      await story.works();
      endAgent(house.world, story.runId);
      assert.equal((await story.ends()).status, 'completed');
    }
    assert.deepEqual(
      house.world.began.slice(-4),
      stories.map(({ runId }) => runId),
    );
  });

  it('ends when nobody has prompts, and the next prompt brings it back', async () => {
    const first = await house.prompt({ sessionId });
    await first.ends();
    await house.client.workflow.getHandle(sessionWorkflowId(sessionId)).result();
    const second = await house.prompt({ sessionId });
    assert.equal((await second.ends()).status, 'completed');
    // The first one again, after its session had ended: it has had its turn.
    await house.prompt(first.input);
    assert.equal(house.world.began.filter((runId) => runId === first.runId).length, 1);
  });
});
