import { decodeOptionalFailureToOptionalError } from '@temporalio/common/lib/internal-non-workflow/index.js';
import { optionalTsToDate } from '@temporalio/common/lib/time.js';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { WorkspaceState } from '../../workflows/contract/workspace.ts';
import type { Services } from '../services.ts';

/** When an activity failed and is being repeated: which, how often, why, and when next. `undefined` otherwise. */
export async function describeRetries(
  { temporal }: Services,
  { raw }: WorkflowExecutionDescription,
): Promise<WorkspaceState['waitingFor'] | undefined> {
  const failing = raw.pendingActivities?.find(({ lastFailure }) => lastFailure);
  if (!failing) return undefined;
  const converter = temporal.options.loadedDataConverter;
  const failure = await decodeOptionalFailureToOptionalError(converter, failing.lastFailure);
  const tries = Math.max((failing.attempt ?? 1) - 1, 1);
  const what = `${failing.activityType?.name} to succeed; failed ${tries} times, last with: ${failure?.message}`;
  return { what, until: optionalTsToDate(failing.nextAttemptScheduleTime)?.toISOString() ?? null };
}
