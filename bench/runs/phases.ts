/** Where the time to the first message goes, by the events on the way. */
import type { FollowedRun } from '../support/followed-run.ts';

/** Each ends with the first event of its type. */
const phases = [
  ['accepted: API, session', 'run.accepted'],
  ['its turn, credentials', 'run.queued'],
  ['a place on a runner', 'run.preparing'],
  ['job, door, container, agent host', 'agent.started'],
  ["the agent's own start", 'agent.message'],
] as const;

/** How the last phase is called: from the log to the follower. */
const lastPhase = 'from the log to the follower';

/** Milliseconds of each phase, in order. */
export function phasesOf({ events, firstMessageMs }: FollowedRun): { name: string; ms: number }[] {
  const ends = phases.map(([name, type]) => {
    return { name, at: events.find((event) => event.type === type)?.appendedMs ?? Number.NaN };
  });
  const all = [...ends, { name: lastPhase, at: firstMessageMs }];
  return all.map(({ name, at }, index) => ({ name, ms: at - (all[index - 1]?.at ?? 0) }));
}
