/**
 * From the events of a run to those of `/execute`: a pure function, event by event. Nothing is kept in between, so a stream that
 * is read again, from wherever, tells the same again.
 */
import type { StoredEvent } from '../../store/store.ts';
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import type { ExecuteEvent, ExecuteEventBody } from './execute-event.ts';
import { agentProjections } from './project-agent.ts';
import { endingProjections } from './project-ending.ts';
import { publishProjections } from './project-publishing.ts';
import { repositoryProjections } from './project-repository.ts';

/** What an event alone does not tell: facts of its run, which never change. */
export interface RunFacts extends Pick<RunEvents['run.accepted'], 'sessionId' | 'agent' | 'repoUrl'> {
  runId: string;
}

export interface ProjectedEvent {
  /** Names the event within its session: `<run>:<seq>`, and `<run>:<seq>.<n>` for all but the last that come of one event. */
  id: string;
  event: ExecuteEvent;
}

/** Event type → what is told of it, in order. */
export type Projections = Partial<Record<string, (data: never, facts: RunFacts) => ExecuteEventBody[]>>;

const projections: Projections = {
  ...agentProjections,
  ...repositoryProjections,
  ...publishProjections,
  ...endingProjections,
};

/** What the event is in the words of `/execute`; nothing for what these have no words for. */
export function projectEvent(facts: RunFacts, { type, data, seq, at }: StoredEvent): ProjectedEvent[] {
  const project = Object.hasOwn(projections, type) ? projections[type] : undefined;
  const bodies = project?.(data as never, facts) ?? [];
  return bodies.map((body, index) => ({
    id: idOf(facts.runId, seq, index + 1, bodies.length),
    // `type` and the moment first, as they are read by people too.
    event: Object.assign<object, ExecuteEventBody>({ type: body.type, timestamp: at }, body) as ExecuteEvent,
  }));
}

/** What is told of a run, by what it says of itself first. */
export function factsOf(runId: string, accepted: StoredEvent): RunFacts {
  const { sessionId, agent, repoUrl } = accepted.data as RunEvents['run.accepted'];
  return { runId, sessionId, agent, repoUrl };
}

function idOf(runId: string, seq: number, number: number, count: number): string {
  return number === count ? `${runId}:${seq}` : `${runId}:${seq}.${number}`;
}
