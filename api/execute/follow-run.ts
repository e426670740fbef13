import { followEvents, type FollowServices } from '../events/follow-events.ts';
import { eventsOfRun } from '../runs/events.ts';
import type { Position } from './position.ts';
import { factsOf, projectEvent, type ProjectedEvent, type RunFacts } from './project-events.ts';

/** What follows this position in its run, and then whatever comes, until the run has ended; `null` for a quiet while. */
export async function* followRun(
  services: FollowServices,
  { runId, seq, part }: Position,
  signal: AbortSignal,
): AsyncGenerator<ProjectedEvent | null> {
  let facts = seq > 0 ? await readFacts(services, runId) : undefined;
  const after = part === null ? seq : seq - 1;
  for await (const event of followEvents(services, eventsOfRun(runId), after, signal)) {
    if (event) {
      facts ??= factsOf(runId, event);
      const told = projectEvent(facts, event);
      yield* event.seq === seq ? told.slice(part ?? 0) : told;
    } else {
      yield null;
    }
  }
}

/** What is there behind this position in its run by now. */
export async function* readRunEvents(services: FollowServices, position: Position): AsyncGenerator<ProjectedEvent> {
  const untilQuiet = new AbortController();
  for await (const event of followRun(quietly(services), position, untilQuiet.signal)) {
    if (!event) return;
    yield event;
  }
}

/** Who does not wait for news has a quiet while at once. */
function quietly(services: FollowServices): FollowServices {
  return { ...services, tails: { newsBeyond: async () => [] } };
}

async function readFacts({ store }: Pick<FollowServices, 'store'>, runId: string): Promise<RunFacts | undefined> {
  const [first] = await store.events.read(eventsOfRun(runId).stream, { after: 0, limit: 1 });
  return first && factsOf(runId, first);
}
