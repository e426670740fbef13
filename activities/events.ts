/** Writing to the event log on behalf of workflows. */
import type { NewEvent, Store } from '../store/store.ts';

export function createEventActivities({ store }: { store: Store }) {
  /** Appends to the stream; events whose key is there already are skipped, so a retry repeats nothing. */
  async function recordEvents(stream: string, events: NewEvent[]): Promise<void> {
    await store.events.append(stream, events);
  }

  return { recordEvents };
}
