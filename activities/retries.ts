/** Makes the retries of an activity visible to those who follow the workspace. */
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { EventLog } from '../store/store.ts';
import type { WorkspaceEvents } from '../workflows/contract/events.ts';
import { workspaceStream } from '../workflows/contract/workspace.ts';

/** Runs the work; a failure that Temporal will repeat is first told to the workspace's stream, once per attempt. */
export async function announcingRetries<Result>(
  events: EventLog,
  workspaceId: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ApplicationFailure && !error.nonRetryable) await announce(events, workspaceId, error);
    throw error;
  }
}

async function announce(events: EventLog, workspaceId: string, error: ApplicationFailure): Promise<void> {
  const { activityType: activity, activityId, attempt, workflowExecution } = activityInfo();
  if (!isWorthTelling(attempt)) return;
  const data: WorkspaceEvents['machine.retrying'] = {
    activity,
    attempt,
    code: error.type ?? 'unknown',
    reason: error.message,
  };
  // A workspace that continues as new counts its activities anew.
  const key = `retry:${workflowExecution?.runId}:${activityId}:${attempt}`;
  await events.append(workspaceStream(workspaceId), [{ key, type: 'machine.retrying', data }]);
}

/** The first ones, then every tenth: a provider that is away for a night does not flood the log. */
function isWorthTelling(attempt: number): boolean {
  return attempt <= 5 || attempt % 10 === 0;
}

/** For work that must not be given up: throws the same failure, open to another try. */
export function neverFinal(error: unknown): never {
  if (!(error instanceof ApplicationFailure) || !error.nonRetryable) throw error;
  throw ApplicationFailure.create({
    message: error.message,
    ...(error.type && { type: error.type }),
    nonRetryable: false,
  });
}
