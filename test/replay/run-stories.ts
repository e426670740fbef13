/** The stories of runs and sessions whose histories are kept. */
import type { WorkflowHandle } from '@temporalio/client';
import { failure } from '../../activities/failures.ts';
import { sessionWorkflowId } from '../../workflows/contract/session.ts';
import type { RunHouse } from '../support/runs/house.ts';
import { endAgent, loseContainer } from '../support/runs/run-world.ts';

/** Plays to the end and returns what was played. A name is also the history's file name. */
export const runStories: Record<string, (house: RunHouse) => Promise<WorkflowHandle>> = {
  'run-published': async (house) => {
    const story = await house.prompt();
    await story.ends();
    return story.handle;
  },
  'run-without-repository': async (house) => {
    const story = await house.prompt({
      repository: null,
      publish: 'none',
      callback: { url: 'https://a.test', signer: 'a' },
    });
    await story.ends();
    return story.handle;
  },
  'run-failed': async (house) => {
    house.play({ agent: () => ({ outcome: 'failed', reason: 'so it is' }) });
    const story = await house.prompt();
    await story.ends();
    return story.handle;
  },
  'run-cancelled-at-work': async (house) => {
    house.play({ agent: () => null });
    const story = await house.prompt();
    await story.works();
    await story.cancel();
    await story.ends();
    return story.handle;
  },
  'run-cancelled-before-its-turn': async (house) => {
    house.play({ agent: () => null });
    const first = await house.prompt();
    await first.works();
    const story = await house.prompt({ sessionId: first.input.sessionId });
    await story.cancel();
    await story.ends();
    endAgent(house.world, first.runId);
    await first.ends();
    return story.handle;
  },
  'run-whose-container-died': async (house) => {
    house.play({ agent: (runId) => (house.world.began.filter((one) => one === runId).length > 1 ? {} : null) });
    const story = await house.prompt();
    await story.works();
    loseContainer(house.world, story.runId, 'killed');
    await story.ends();
    return story.handle;
  },
  'run-that-only-publishes': async (house) => {
    house.play({
      before: (name) => {
        if (name === 'publishBranch') throw failure('PublishRefused', 'not today');
      },
    });
    const first = await house.prompt();
    await first.ends();
    house.play({});
    const story = await house.prompt({ sessionId: first.input.sessionId, onlyPublish: true });
    await story.ends();
    return story.handle;
  },
  'session-of-three-turns': async (house) => {
    house.play({ agent: () => null });
    const stories = [await house.prompt({ sessionId: 'kept' })];
    stories.push(await house.prompt({ sessionId: 'kept' }), await house.prompt({ sessionId: 'kept' }));
    await stories[1]?.cancel();
    for (const story of [stories[0], stories[2]]) {
      await story?.works();
      endAgent(house.world, story?.runId ?? '');
      await story?.ends();
    }
    const handle = house.client.workflow.getHandle(sessionWorkflowId('kept'));
    await handle.result();
    return handle;
  },
};
