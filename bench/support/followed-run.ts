/** A run as its owner sees it: asked for over HTTP, followed event by event to its end. */
import { readEvents } from '../../test/support/event-reader.ts';
import type { Installation } from '../../test/support/installation.ts';
import { lastRunEventTypes } from '../../workflows/contract/run-events.ts';

export interface FollowedRun {
  /** Milliseconds from the request to the first message of the agent, as the follower gets it. */
  firstMessageMs: number;
  /** The same to the last event of the run. */
  totalMs: number;
  events: SeenEvent[];
}

export interface SeenEvent {
  type: string;
  data: unknown;
  /** Milliseconds from the request to the moment at which it was appended to the log. */
  appendedMs: number;
}

/** Hands this to an agent and waits for the end. Rejects unless the run completes. */
export async function followRun(installation: Installation, request: object): Promise<FollowedRun> {
  const [startedAt, startedAtEpoch] = [performance.now(), Date.now()];
  const sinceStart = (): number => performance.now() - startedAt;
  const answer = await installation.call('POST', '/runs', { body: request });
  if (answer.status !== 202) throw new Error(`not accepted: ${answer.text}`);

  let [firstMessageMs, totalMs] = [Number.NaN, Number.NaN];
  const reader = await readEvents(`${installation.url}/runs/${String(answer.body['id'])}/events`, {
    onEvent({ type }) {
      if (type === 'agent.message' && Number.isNaN(firstMessageMs)) firstMessageMs = sinceStart();
      if (lastRunEventTypes.includes(String(type))) totalMs = sinceStart();
    },
  });
  await reader.ended;
  const last = reader.events.at(-1);
  if (last?.['type'] !== 'run.completed') throw new Error(`the run did not complete: ${JSON.stringify(last)}`);
  const events = reader.events.map(({ type, data, at }) => {
    return { type: String(type), data, appendedMs: Date.parse(String(at)) - startedAtEpoch };
  });
  return { firstMessageMs, totalMs, events };
}
