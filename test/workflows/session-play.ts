/** Does to sessions what a plan says, and notes what it takes to judge them. */
import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { interruptSessionUpdate, sessionWorkflowId } from '../../workflows/contract/session.ts';
import type { RunHouse } from '../support/runs/house.ts';
import type { KillableWorker } from '../support/runs/killable-worker.ts';
import { newRunInput } from '../support/runs/run-input.ts';
import type { RunStory } from '../support/runs/run-story.ts';
import { endAgent, type RunScript } from '../support/runs/run-world.ts';
import type { AgentPlan, Plan, SessionPlan, Wish } from './session-plan.ts';

export interface PlayedSession {
  sessionId: string;
  stories: RunStory[];
  /** Run → how its agent ends, if nobody ends it. */
  agents: Map<string, AgentPlan>;
  /** Runs whose agent began while another one of the session was there. */
  overlapping: string[];
  /** Runs that somebody cancelled or interrupted. */
  cancelled: Set<string>;
}

/** Resolves when every run has ended and every kill is over. */
export async function play(house: RunHouse, worker: KillableWorker, plan: Plan): Promise<PlayedSession[]> {
  const played: PlayedSession[] = [];
  let killing = Promise.resolve();
  const kill = (afterMs: number): void => {
    killing = Promise.all([killing, delay(afterMs)]).then(() => worker.kill());
  };
  house.play(scriptOf(house, plan, played, kill));
  await Promise.all(plan.sessions.map((session, index) => playSession(house, session, (played[index] = newSession()))));
  const stories = played.flatMap((session) => session.stories);
  const impatient = setInterval(() => stories.forEach(({ runId }) => endAgent(house.world, runId)), 50);
  try {
    await Promise.all(stories.map(async (story) => await story.ends()));
  } finally {
    clearInterval(impatient);
  }
  await killing;
  return played;
}

let count = 0;

function newSession(): PlayedSession {
  const sessionId = `played-${++count}`;
  return { sessionId, stories: [], agents: new Map(), overlapping: [], cancelled: new Set() };
}

function scriptOf(
  { world }: RunHouse,
  plan: Plan,
  played: PlayedSession[],
  kill: (afterMs: number) => void,
): RunScript {
  let steps = 0;
  const failing = new Set<string>();
  return {
    before(step, runId) {
      // A place is asked for again only after a pause; here it is the order that counts.
      if (step === 'holdRunner') return;
      steps += 1;
      for (const { step, afterMs } of plan.kills) if (step === steps) kill(afterMs);
      const mishap = plan.mishaps.find(({ step }) => step === steps);
      if (mishap?.when === 'before') throw new Error('It fails before it has had an effect.');
      if (mishap?.when === 'after') failing.add(`${step} ${runId}`);
    },
    after(step, runId) {
      if (failing.delete(`${step} ${runId}`)) throw new Error('It fails when it has had its effect.');
    },
    agent(runId) {
      const session = played.find(({ agents }) => agents.has(runId));
      const atWork = [...(session?.agents.keys() ?? [])].filter((other) => world.containers.has(other));
      if (atWork.length > 1) session?.overlapping.push(runId);
      const agent = session?.agents.get(runId);
      if (agent === 'fails') return { outcome: 'failed', reason: 'It could not.' };
      return agent === 'completes' ? {} : null;
    },
  };
}

async function playSession(house: RunHouse, plan: SessionPlan, session: PlayedSession): Promise<void> {
  for (const moment of plan.moments) {
    await Promise.all(moment.map((wish) => grant(house, plan, session, wish)));
  }
}

async function grant(house: RunHouse, plan: SessionPlan, session: PlayedSession, wish: Wish): Promise<void> {
  const { sessionId, stories, agents, cancelled } = session;
  const { maxHistoryEvents } = plan;
  const any = 'which' in wish ? stories[wish.which % stories.length] : undefined;
  switch (wish.do) {
    case 'prompt': {
      const input = newRunInput({ sessionId });
      agents.set(input.runId, wish.agent);
      const sent = Array.from({ length: wish.times }, () => house.prompt(input, { maxHistoryEvents }));
      stories.push((await Promise.all(sent))[0]!);
      break;
    }
    case 'repeat':
      if (any) await house.prompt(any.input, { maxHistoryEvents });
      break;
    case 'cancel':
      if (!any) break;
      cancelled.add(any.runId);
      await unlessTooLate(any.cancel());
      break;
    case 'interrupt': {
      const handle = house.client.workflow.getHandle(sessionWorkflowId(sessionId));
      const interrupted = await unlessTooLate(handle.executeUpdate(interruptSessionUpdate));
      if (interrupted?.runId) cancelled.add(interrupted.runId);
      break;
    }
    case 'end':
      for (const { runId } of stories) endAgent(house.world, runId);
  }
}

/** Who is too late is told so. */
async function unlessTooLate<Answer>(wish: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await wish;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return undefined;
    throw error;
  }
}
