import type { RunMemo } from '../../workflows/contract/run-memo.ts';
import { runStatuses, runWorkflowId, type RunStatus } from '../../workflows/contract/run.ts';
import { ownerAttribute, phaseAttribute, sessionAttribute } from '../../workflows/contract/search-attributes.ts';
import { brokenStatuses, isBrokenQuery, listExecutions, type ListedExecution } from '../list-executions.ts';
import type { RunPage, RunSummary } from '../run-answers.ts';
import type { ServiceParts, Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';

export interface RunFilter {
  /** Whose runs. */
  owner: string;
  status?: RunStatus | undefined;
  sessionId?: string | undefined;
}

/** A page of runs, newest first. It may be a second behind. Fails with `invalid_cursor`. */
export async function listRuns(
  services: Services,
  filter: RunFilter,
  page: { cursor?: string | undefined; limit: number },
): Promise<RunPage> {
  const { executions, nextCursor } = await listExecutions(services, runQuery(filter), page);
  return { runs: executions.map(summarise), count: executions.length, nextCursor };
}

/** How many runs are in one of these statuses, about. */
export async function countRuns(
  services: ServiceParts,
  statuses: readonly RunStatus[],
  limitMs = serverAnswerMs,
): Promise<number> {
  const phases = statuses.map((status) => `'${status}'`).join(', ');
  const query = `WorkflowType = 'agentRun' AND ExecutionStatus = 'Running' AND ${phaseAttribute.name} IN (${phases})`;
  const { count } = await within(services, limitMs, () => services.temporal.workflow.count(query));
  return count;
}

/** Every value is of a closed form, so none of them can change the query. */
function runQuery({ owner, status, sessionId }: RunFilter): string {
  const conditions = [`WorkflowType = 'agentRun'`, `${ownerAttribute.name} = '${owner}'`];
  if (sessionId !== undefined) conditions.push(`${sessionAttribute.name} = '${sessionId}'`);
  if (status !== undefined) conditions.push(statusQuery(status));
  return conditions.join(' AND ');
}

function statusQuery(status: RunStatus): string {
  const phase = `${phaseAttribute.name} = '${status}'`;
  return status === 'failed' ? `(${phase} OR ${isBrokenQuery})` : `${phase} AND NOT ${isBrokenQuery}`;
}

function summarise({ workflowId, memo, status, typedSearchAttributes }: ListedExecution): RunSummary {
  const { sessionId, agent, prompt, createdAt, repoUrl = null } = memo as unknown as RunMemo;
  const phase = typedSearchAttributes.get(phaseAttribute);
  const isBroken = brokenStatuses.includes(status.name);
  return {
    ...{ id: workflowId.slice(runWorkflowId('').length), sessionId, agent, prompt, repoUrl, createdAt },
    status: isBroken ? 'failed' : (runStatuses.find((known) => known === phase) ?? 'accepted'),
  };
}
