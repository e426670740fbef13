/** What both ways do: append to a stream while somebody follows it. */
import type { NewEvent } from '../../store/store.ts';

/** A way from whoever appends to whoever follows. */
export interface StreamLevel extends AsyncDisposable {
  /** Appends so many events, in batches, before so many subscribers; the milliseconds until each of them has every event. */
  tell(order: { events: number; subscribers: number }): Promise<number>;
}

/** What an agent tells within a tenth of a second, when it talks much. */
export const batchEvents = 100;

/** As long as a usual message of a provider. */
const text = 'x'.repeat(300);

/** The events in batches, each with a key as the gateway gives it. */
export function* batchesOf(events: number): Generator<NewEvent[]> {
  for (let first = 1; first <= events; first += batchEvents) {
    const length = Math.min(batchEvents, events - first + 1);
    yield Array.from({ length }, (_, index) => newEvent(first + index));
  }
}

function newEvent(seq: number): NewEvent {
  const message = { type: 'assistant', seq, content: [{ type: 'text', text }] };
  return { key: `agent:${seq}`, type: 'agent.message', data: { message } };
}
