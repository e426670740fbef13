import type { NewEvent } from '../store/store.ts';
import type { DoorState } from './doors/door-state.ts';
import type { Services } from './services.ts';

/** The stream of a run in the event log. */
export function runStream(runId: string): string {
  return `run:${runId}`;
}

/**
 * Tells the run's readers what the gateway did, once a key. It is a note beside the work: when it cannot be written, the
 * log has it, and the work goes on.
 */
export async function tellRun({ store }: Services, { door, log }: DoorState, event: NewEvent): Promise<void> {
  try {
    await store.events.append(runStream(door.runId), [{ ...event, key: `gateway:${event.key}` }], door);
  } catch (error) {
    log.error({ err: error, event: event.type }, 'an event could not be written');
  }
}
