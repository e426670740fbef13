/** What the agent host tells. It comes out of a container that runs foreign code, so it is bounded, and may not pose as us. */
import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { isWithin } from '../../agent-host/nesting.ts';
import { DoorClosed, type NewEvent } from '../../store/store.ts';
import type { DoorState } from '../doors/door-state.ts';
import { answerJson, Refusal } from '../http/answers.ts';
import { readJson } from '../http/body.ts';
import type { Visit } from '../http/door-handler.ts';
import { runStream } from '../run-events.ts';
import type { Services } from '../services.ts';

const largestBatchBytes = 32 * 1024 ** 2;
const largestEventBytes = 8 * 1024 ** 2;

/** The agent host keeps to half of it; more comes from somebody else in its container. */
const mostLevels = 1000;

const keyPrefix = 'agent:';

/** The last event of every agent host; it has room when nothing else has. */
const lastType = 'agent.ended';

const Batch = z.object({
  events: z
    .array(
      z.object({
        seq: z.int().min(1),
        type: z.string().regex(/^(agent|checkpoint)\.[a-z-]{1,40}$/),
        // It came as JSON. A schema of that would go as deep as the data does, and the stack does not.
        data: z.unknown().refine((data) => data !== undefined, 'data is missing'),
      }),
    )
    .max(1000),
});
type AgentEvent = z.infer<typeof Batch>['events'][number];

/**
 * Appends a batch to the run's stream and answers with the last number that the stream has. A repeated event is there once. An
 * empty batch only asks: a host that has lost its volume goes on after that number.
 */
export async function receiveEvents({ services, state, request, response }: Visit): Promise<void> {
  // Read in turn, too: batches that wait are with who sends them, not in memory.
  const acked = await state.takeEventTurn(async () => append(services, state, await readBatch(request)));
  answerJson(response, 200, { acked });
}

async function readBatch(request: IncomingMessage): Promise<AgentEvent[]> {
  const batch = Batch.safeParse(await readJson(request, largestBatchBytes));
  if (!batch.success) throw new Refusal(400, 'invalid_events', z.prettifyError(batch.error).slice(0, 500));
  return batch.data.events;
}

async function append(services: Services, state: DoorState, events: AgentEvent[]): Promise<number> {
  const { store, metrics } = services;
  metrics.events.inc(events.length);
  const { runId, policy } = state.door;
  let { bytes, lastSeq } = state.stream ?? (await readStream(services, runId));
  const bounded = events.map((event) => {
    const room =
      event.type === lastType ? largestEventBytes : Math.min(largestEventBytes, policy.events.maxBytes - bytes);
    const fitting = fit(event, room);
    bytes += sizeOf(fitting.data);
    lastSeq = Math.max(lastSeq, event.seq);
    return fitting;
  });
  // Unknown until it is written: an append that fails may have happened.
  state.stream = undefined;
  await store.events.append(runStream(runId), bounded, state.door).catch(refuseClosed);
  state.stream = { bytes, lastSeq };
  return lastSeq;
}

/** The run is over, or goes on at another host: a host that hears this ends. */
function refuseClosed(error: unknown): never {
  throw error instanceof DoorClosed ? new Refusal(410, 'door_closed', error.message) : error;
}

async function readStream({ store }: Services, runId: string): Promise<{ bytes: number; lastSeq: number }> {
  const stream = runStream(runId);
  const key = await store.events.lastKey(stream, keyPrefix);
  return { bytes: await store.events.size(stream), lastSeq: Number(key?.slice(keyPrefix.length) ?? 0) };
}

/** What is too large or nested too deeply goes without its data, rather than holding up all that comes after it. */
function fit({ seq, type, data }: AgentEvent, room: number): NewEvent {
  const key = keyPrefix + seq;
  if (!isWithin(data, mostLevels)) return { key, type, data: { omittedBeyondLevel: mostLevels } };
  const bytes = sizeOf(data);
  return { key, type, data: bytes <= room ? data : { omittedBytes: bytes } };
}

function sizeOf(data: unknown): number {
  return JSON.stringify(data).length;
}
