import { lastEventTypes } from '../../workflows/contract/events.ts';
import { workspaceStream, workspaceWorkflowId } from '../../workflows/contract/workspace.ts';
import type { FollowedStream } from '../events/follow-events.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workspaceHandle } from './temporal.ts';

/** Everything a workspace does and decides. */
export function eventsOfWorkspace(workspaceId: string): FollowedStream {
  const workflowId = workspaceWorkflowId(workspaceId);
  return { stream: workspaceStream(workspaceId), lastTypes: lastEventTypes, workflowId };
}

/** Resolves when there is, or was, such a workspace; fails with Temporal's `WorkflowNotFoundError` otherwise. */
export async function checkWorkspaceExists(services: Services, workspaceId: string): Promise<void> {
  const [first] = await services.store.events.read(workspaceStream(workspaceId), { after: 0, limit: 1 });
  if (!first) await within(services, serverAnswerMs, () => workspaceHandle(services, workspaceId).describe());
}
