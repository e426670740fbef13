import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { phaseAttribute } from '../../workflows/contract/search-attributes.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { WorkspaceMemo } from '../../workflows/contract/workspace-memo.ts';
import { workspaceStatuses, workspaceWorkflowId, type WorkspaceStatus } from '../../workflows/contract/workspace.ts';
import type { WorkspacePage, WorkspaceSummary } from '../answers.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within } from './temporal.ts';

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
  const { namespace, loadedDataConverter } = services.temporal.options;
  const query = queryFor(request.status);
  const seal = { key: services.ownerToken, list: query };
  const nextPageToken = request.cursor === undefined ? null : openCursor(request.cursor, seal);

  const page = await within(services, serverAnswerMs, () =>
    services.temporal.workflow.workflowService.listWorkflowExecutions({
      ...{ namespace, query, nextPageToken },
      pageSize: request.limit,
    }),
  );
  const infos = page.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, undefined, namespace));
  const workspaces = (await Promise.all(infos)).map(summarise);
  const hasMore = page.nextPageToken && page.nextPageToken.length > 0;
  return { workspaces, count: workspaces.length, nextCursor: hasMore ? sealCursor(page.nextPageToken, seal) : null };
}

const brokenStatuses: string[] = ['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'];

/** An execution that was ended from outside keeps its last phase, so the phase counts only where that did not happen. */
const broken = `ExecutionStatus IN ('Failed', 'Canceled', 'Terminated', 'TimedOut')`;

function queryFor(status: WorkspaceStatus | undefined): string {
  // Earlier executions of a workspace that continued as new are no workspaces.
  const ours = `WorkflowType = 'workspaceLifecycle' AND TaskQueue = '${controlPlaneQueue}' AND ExecutionStatus != 'ContinuedAsNew'`;
  const phase = `${phaseAttribute.name} = '${status}'`;
  if (status === undefined) return ours;
  if (status === 'failed') return `${ours} AND (${phase} OR ${broken})`;
  return `${ours} AND ${phase} AND NOT ${broken}`;
}

function summarise({
  workflowId,
  memo,
  status,
  typedSearchAttributes,
}: Omit<WorkflowExecutionInfo, 'raw'>): WorkspaceSummary {
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
