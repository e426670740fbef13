/** How long a run waits for what does not work, with a place on a runner that others wait for. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/**
 * A failure that is worth repeating: as it is while the tries of this activity have not taken so long, and final from then
 * on.
 */
export function finalAfter(patienceMs: number, failure: ApplicationFailure): ApplicationFailure {
  const isOver = Date.now() - activityInfo().scheduledTimestampMs >= patienceMs;
  return isOver ? ApplicationFailure.nonRetryable(failure.message, failure.type) : failure;
}
