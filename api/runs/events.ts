import { lastRunEventTypes } from '../../workflows/contract/run-events.ts';
import { runStream, runWorkflowId } from '../../workflows/contract/run.ts';
import type { FollowedStream } from '../events/follow-events.ts';
import type { Services } from '../services.ts';
import { describeRun } from './read-run.ts';

/** Everything a run and its agent do and say. */
export function eventsOfRun(runId: string): FollowedStream {
  return { stream: runStream(runId), lastTypes: lastRunEventTypes, workflowId: runWorkflowId(runId) };
}

/** Whether the run has begun to tell of itself, which it does as soon as it is accepted. */
export async function hasBegun({ store }: Services, runId: string): Promise<boolean> {
  return (await store.events.read(runStream(runId), { after: 0, limit: 1 })).length > 0;
}

/** Fails with `run_not_found` unless there is, or was, such a run of this caller. Events outlive executions. */
export async function checkRunExists(services: Services, owner: string, runId: string): Promise<void> {
  const [first] = await services.store.events.read(runStream(runId), { after: 0, limit: 1 });
  const told = (first?.data as { owner?: string } | undefined)?.owner;
  if (told !== owner) await describeRun(services, owner, runId);
}
