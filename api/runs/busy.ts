/** When there is too much to do to take on more. */
import { containerId } from '../container-id.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { countRuns } from './list-runs.ts';

const retryAfter = 5;

export function busy(message: string): Problem {
  return new Problem('busy', message, {
    headers: { 'Retry-After': String(retryAfter) },
    extensions: { retryAfter, containerId },
  });
}

/** Fails with `busy` when as many runs wait as may wait. The count may be a second old, so a burst can pass. */
export async function checkRoomForRuns(services: Services): Promise<void> {
  const waiting = await countRuns(services, ['accepted', 'queued']);
  const { RUN_QUEUE_LIMIT: limit } = services.settings;
  if (waiting >= limit) throw busy(`${limit} runs are waiting already.`);
}
