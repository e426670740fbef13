import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { WorkspaceMemo } from '../../workflows/contract/workspace-memo.ts';
import { workspaceStateQuery, type WorkspaceState } from '../../workflows/contract/workspace.ts';
import type { Cost } from '../cost-answers.ts';
import { readCost } from '../costs/workspace-cost.ts';
import { isOutOfTime } from '../grpc.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { describeRetries } from './retries.ts';
import { serverAnswerMs, within, workerAnswerMs, workspaceHandle, type WorkspaceHandle } from './temporal.ts';

/**
 * The workspace as it is now: told by its lifecycle while it lives, by the lifecycle's result afterwards.
 * Fails with Temporal's `WorkflowNotFoundError` when there is none, with `worker_unavailable` when nobody answers for it.
 */
export async function readWorkspace(
  services: Services,
  workspaceId: string,
): Promise<WorkspaceState & { cost: Cost | null }> {
  const handle = workspaceHandle(services, workspaceId);
  const execution = await within(services, serverAnswerMs, () => handle.describe());
  const memo = execution.memo as unknown as WorkspaceMemo;
  const state = await readState(services, workspaceId, handle, execution, memo);
  return {
    ...fromBefore,
    ...state,
    // The moment of acceptance is the one that the creating request was answered with.
    createdAt: memo.createdAt,
    waitingFor: (await describeRetries(services, execution)) ?? state.waitingFor,
    cost: await readCost(services.store, workspaceId, new Date()),
  };
}

/** What workspaces do not tell that ended under an older version. */
const fromBefore = { expiresAt: null } satisfies Partial<WorkspaceState>;

async function readState(
  services: Services,
  workspaceId: string,
  handle: WorkspaceHandle,
  { status }: WorkflowExecutionDescription,
  memo: WorkspaceMemo,
): Promise<WorkspaceState> {
  if (status.name === 'RUNNING' || status.name === 'PAUSED') return await askLifecycle(services, handle);
  if (status.name === 'COMPLETED') return await within(services, serverAnswerMs, () => handle.result());
  return brokenWorkspace(workspaceId, memo, status.name);
}

async function askLifecycle(services: Services, handle: WorkspaceHandle): Promise<WorkspaceState> {
  try {
    return await within(services, workerAnswerMs, () => handle.query(workspaceStateQuery));
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    throw new Problem('worker_unavailable', 'The workspace exists, but no worker answers for it now.', {
      headers: { 'Retry-After': '5' },
    });
  }
}

/** An operator ended the execution from outside: nobody but the memo knows anything, and the sweep removes the machine. */
function brokenWorkspace(id: string, memo: WorkspaceMemo, status: string): WorkspaceState {
  const { name, repoUrl, branch = null, size, hostname, provider, createdAt } = memo;
  return {
    ...{ id, name, repoUrl, branch, size, hostname, provider, createdAt },
    status: 'failed',
    providerId: null,
    ipAddress: null,
    accessUrl: null,
    expiresAt: null,
    lastActivityAt: null,
    stopReason: 'failed',
    error: `The lifecycle was ended from outside (${status.toLowerCase()}).`,
    errorCode: null,
    waitingFor: null,
    idle: null,
  };
}
