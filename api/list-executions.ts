import type { WorkflowExecutionInfo } from '@temporalio/client';
import { executionInfoFromRaw } from '@temporalio/client/lib/helpers.js';
import { openCursor, sealCursor } from './cursor.ts';
import type { Services } from './services.ts';
import { serverAnswerMs, within } from './workspaces/temporal.ts';

export type ListedExecution = Omit<WorkflowExecutionInfo, 'raw'>;

/**
 * A page of executions, newest first, from Temporal's visibility alone: no worker is asked. It may be a second behind.
 * Fails with `invalid_cursor` for a cursor of another list.
 */
export async function listExecutions(
  services: Services,
  query: string,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<{ executions: ListedExecution[]; nextCursor: string | null }> {
  const { namespace, loadedDataConverter } = services.temporal.options;
  const seal = { key: services.ownerToken, list: query };
  const nextPageToken = cursor === undefined ? null : openCursor(cursor, seal);
  const page = await within(services, serverAnswerMs, () =>
    services.temporal.workflow.workflowService.listWorkflowExecutions({
      ...{ namespace, query, nextPageToken },
      pageSize: limit,
    }),
  );
  const infos = page.executions.map((raw) => executionInfoFromRaw(raw, loadedDataConverter, undefined, namespace));
  const hasMore = page.nextPageToken && page.nextPageToken.length > 0;
  return { executions: await Promise.all(infos), nextCursor: hasMore ? sealCursor(page.nextPageToken, seal) : null };
}

/** How executions end that were ended from outside; such a one keeps its last phase for ever. */
export const brokenStatuses: readonly string[] = ['FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'];

/** The same in a query: a phase counts only where that did not happen. */
export const isBrokenQuery = `ExecutionStatus IN ('Failed', 'Canceled', 'Terminated', 'TimedOut')`;
