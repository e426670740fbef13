/** What the agent host tells. It comes out of a container that runs foreign code, so it is bounded, and may not pose as us. */
import { z } from 'zod';
import type { NewEvent } from '../../store/store.ts';
import type { DoorState } from '../doors/door-state.ts';
import { answerJson, Refusal } from '../http/answers.ts';
import { readJson } from '../http/body.ts';
import type { Visit } from '../http/door-handler.ts';
import { runStream } from '../run-events.ts';
import type { Services } from '../services.ts';

const largestBatchBytes = 32 * 1024 ** 2;
const largestEventBytes = 8 * 1024 ** 2;

/** The last event of every agent host; it has room when nothing else has. */
const lastType = 'agent.ended';

const Batch = z.object({
  events: z
    .array(
      z.object({
        seq: z.int().min(1).max(10_000_000),
        type: z.string().regex(/^(agent|checkpoint)\.[a-z-]{1,40}$/),
        data: z.json(),
      }),
    )
    .min(1)
    .max(1000),
});
type AgentEvent = z.infer<typeof Batch>['events'][number];

/** Appends a batch to the run's stream and answers with the last number that is safe. A repeated event is there once. */
export async function receiveEvents({ services, state, request, response }: Visit): Promise<void> {
  const batch = Batch.safeParse(await readJson(request, largestBatchBytes));
  if (!batch.success) throw new Refusal(400, 'invalid_events', z.prettifyError(batch.error).slice(0, 500));
  const { events } = batch.data;
  await append(services, state, events);
  services.metrics.events.inc(events.length);
  answerJson(response, 200, { acked: Math.max(...events.map(({ seq }) => seq)) });
}

async function append({ store }: Services, state: DoorState, events: AgentEvent[]): Promise<void> {
  const stream = runStream(state.door.runId);
  const { maxBytes } = state.door.policy.events;
  let size = state.eventBytes ?? (await store.events.size(stream));
  const bounded = events.map((event) => {
    const fitting = fit(
      event,
      event.type === lastType ? largestEventBytes : Math.min(largestEventBytes, maxBytes - size),
    );
    size += sizeOf(fitting.data);
    return fitting;
  });
  // Unknown until it is written: an append that fails may have happened.
  state.eventBytes = undefined;
  await store.events.append(stream, bounded);
  state.eventBytes = size;
}

/** What is too large goes without its data, rather than holding up all that comes after it. */
function fit({ seq, type, data }: AgentEvent, room: number): NewEvent {
  const bytes = sizeOf(data);
  return { key: `agent:${seq}`, type, data: bytes <= room ? data : { omittedBytes: bytes } };
}

function sizeOf(data: unknown): number {
  return JSON.stringify(data).length;
}
