/**
 * Sessions under fire: prompts at the same moment and repeated ones, cancels and interrupts, steps that fail, and a worker that is
 * killed in the middle of it. `SESSION_PLANS=50` plays more plans, `SESSION_SEED` those of a seed that a failure has named.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { WorkflowExecutionInfo } from '@temporalio/client';
import fc from 'fast-check';
import { until } from '../../engine/until.ts';
import { runStream } from '../../workflows/contract/run.ts';
import { sessionStream, type Turn } from '../../workflows/contract/session-events.ts';
import { sessionWorkflowId } from '../../workflows/contract/session.ts';
import { openRunHouse, type RunHouse } from '../support/runs/house.ts';
import { startKillableWorker, type KillableWorker } from '../support/runs/killable-worker.ts';
import type { RunStory } from '../support/runs/run-story.ts';
import { plans } from './session-plan.ts';
import { play, type PlayedSession } from './session-play.ts';

const numRuns = Number(process.env['SESSION_PLANS'] ?? 2);
const seed = process.env['SESSION_SEED'];

describe('a session whose worker is killed, whose steps fail, and whose callers come all at once', () => {
  let house: RunHouse;
  let worker: KillableWorker;
  before(async () => {
    house = await openRunHouse(undefined, { isWorkflowWorker: false });
    worker = await startKillableWorker(house.place);
    await house.addRunner('host-a', 8);
  });
  after(async () => {
    await worker[Symbol.asyncDispose]();
    await house[Symbol.asyncDispose]();
  });

  it('gives each prompt that it accepted one turn at most, in that order, one at a time, and one end', async () => {
    const property = fc.asyncProperty(plans, async (plan) => {
      for (const session of await play(house, worker, plan)) await judge(session);
    });
    // What a kill meets depends on the moment too, so a smaller plan proves little; the one that failed is printed.
    await fc.assert(property, { numRuns, endOnFailure: true, ...(seed !== undefined && { seed: Number(seed) }) });
  });

  async function judge(session: PlayedSession): Promise<void> {
    const { sessionId, stories, overlapping } = session;
    const accepted = await acceptedBy(sessionId, stories.length);
    assert.deepEqual(accepted.toSorted(), stories.map(({ runId }) => runId).toSorted());
    const begun = await turnsOf(sessionId);
    assert.deepEqual(
      begun,
      accepted.filter((runId) => begun.includes(runId)),
    );
    const agents = house.world.began.filter((runId) => accepted.includes(runId));
    assert.deepEqual(
      agents,
      begun.filter((runId) => agents.includes(runId)),
    );
    assert.deepEqual(overlapping, []);
    for (const story of stories) await judgeRun(session, story, begun.includes(story.runId));
  }

  async function judgeRun({ agents, cancelled }: PlayedSession, story: RunStory, hasBegun: boolean): Promise<void> {
    const { status } = await story.ends();
    assert.deepEqual(await story.finalWords(), [`run.${status}`]);
    const events = await house.store.events.read(runStream(story.runId), { after: 0, limit: 1000 });
    assert.deepEqual(
      events.map(({ seq }) => seq),
      events.map((_, index) => index + 1),
    );
    assert.deepEqual(story.remains(), []);
    if (status === 'cancelled') assert.ok(cancelled.has(story.runId), 'nobody cancelled it');
    else assert.equal(status, agents.get(story.runId) === 'fails' ? 'failed' : 'completed');
    assert.ok(hasBegun || status === 'cancelled', 'it never had its turn');
  }

  /** The runs of a session, as its histories have them: in the order in which their prompts were accepted, each once. */
  async function acceptedBy(sessionId: string, runs: number): Promise<string[]> {
    const workflowId = sessionWorkflowId(sessionId);
    let accepted = new Set<string>();
    // Lists are a little late.
    await until(`${runs} prompts are found`, async () => {
      const executions: WorkflowExecutionInfo[] = [];
      for await (const one of house.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
        executions.push(one);
      executions.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
      accepted = new Set();
      for (const { runId } of executions) {
        const { events } = await house.client.workflow.getHandle(workflowId, runId).fetchHistory();
        for (const { workflowExecutionUpdateAcceptedEventAttributes: update } of events ?? []) {
          const { meta, input } = update?.acceptedRequest ?? {};
          if (input?.name === 'promptSession' && meta?.updateId) accepted.add(meta.updateId);
        }
      }
      return accepted.size >= runs;
    });
    return [...accepted];
  }

  async function turnsOf(sessionId: string): Promise<string[]> {
    const events = await house.store.events.read(sessionStream(sessionId), { after: 0, limit: 1000 });
    return events.filter(({ type }) => type === 'turn.begun').map(({ data }) => (data as Turn).runId);
  }
});
