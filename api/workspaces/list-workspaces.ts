import { phaseAttribute } from '../../workflows/contract/search-attributes.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { WorkspaceMemo } from '../../workflows/contract/workspace-memo.ts';
import { workspaceStatuses, workspaceWorkflowId, type WorkspaceStatus } from '../../workflows/contract/workspace.ts';
import type { WorkspacePage, WorkspaceSummary } from '../answers.ts';
import { brokenStatuses, isBrokenQuery, listExecutions, type ListedExecution } from '../list-executions.ts';
import type { Services } from '../services.ts';

export interface ListRequest {
  status?: WorkspaceStatus | undefined;
  cursor?: string | undefined;
  limit: number;
}

/**
 * A page of workspaces, newest first, from Temporal's visibility alone: no worker is asked. It may be a second behind.
 * Fails with `invalid_cursor`.
 */
export async function listWorkspaces(services: Services, request: ListRequest): Promise<WorkspacePage> {
  const { executions, nextCursor } = await listExecutions(services, queryFor(request.status), request);
  const workspaces = executions.map(summarise);
  return { workspaces, count: workspaces.length, nextCursor };
}

function queryFor(status: WorkspaceStatus | undefined): string {
  // Earlier executions of a workspace that continued as new are no workspaces.
  const ours = `WorkflowType = 'workspaceLifecycle' AND TaskQueue = '${controlPlaneQueue}' AND ExecutionStatus != 'ContinuedAsNew'`;
  const phase = `${phaseAttribute.name} = '${status}'`;
  if (status === undefined) return ours;
  if (status === 'failed') return `${ours} AND (${phase} OR ${isBrokenQuery})`;
  return `${ours} AND ${phase} AND NOT ${isBrokenQuery}`;
}

function summarise({ workflowId, memo, status, typedSearchAttributes }: ListedExecution): WorkspaceSummary {
  const { name, createdAt, accessUrl } = memo as unknown as WorkspaceMemo;
  const phase = typedSearchAttributes.get(phaseAttribute);
  const isBroken = brokenStatuses.includes(status.name);
  const shown = isBroken ? 'failed' : (workspaceStatuses.find((known) => known === phase) ?? 'creating');
  return {
    id: workflowId.slice(workspaceWorkflowId('').length),
    name,
    status: shown,
    accessUrl: shown === 'running' ? (accessUrl ?? null) : null,
    createdAt,
  };
}
