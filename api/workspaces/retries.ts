import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { WorkspaceState } from '../../workflows/contract/workspace.ts';
import type { Services } from '../services.ts';

const { PendingActivityState } = proto.temporal.api.enums.v1;

/** An attempt that is under way may be the good one, and go on for hours: what the ones before it died of holds nothing up. */
const betweenAttempts = [
  PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED,
  PendingActivityState.PENDING_ACTIVITY_STATE_PAUSED,
];

/** When an activity failed and waits for its next attempt: which, how often, why, and until when. `undefined` otherwise. */
export async function describeRetries(
  { temporal }: Services,
  { raw }: WorkflowExecutionDescription,
): Promise<WorkspaceState['waitingFor'] | undefined> {
  const failing = raw.pendingActivities?.find(
    ({ lastFailure, state }) => lastFailure && betweenAttempts.some((waiting) => waiting === state),
  );
  if (!failing) return undefined;
  const converter = temporal.options.loadedDataConverter;
  const failure = await decodeOptionalFailureToOptionalError(converter, failing.lastFailure);
  const tries = Math.max((failing.attempt ?? 1) - 1, 1);
  const what = `${failing.activityType?.name} to succeed; failed ${tries} times, last with: ${failure?.message}`;
  return { what, until: optionalTsToDate(failing.nextAttemptScheduleTime)?.toISOString() ?? null };
}
