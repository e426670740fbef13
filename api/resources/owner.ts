import { WorkflowNotFoundError, type WorkflowExecutionDescription } from '@temporalio/client';
import { phaseAttribute } from '../../workflows/contract/search-attributes.ts';
import { workspaceStateQuery, workspaceStatuses, type WorkspaceStatus } from '../../workflows/contract/workspace.ts';
import { isOutOfTime } from '../grpc.ts';
import type { Owner } from '../resource-answers.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workerAnswerMs, workspaceHandle } from '../workspaces/temporal.ts';

/** A workspace that has something, and whether its lifecycle will still remove it. */
export interface KnownOwner {
  owner: Owner;
  isLive: boolean;
}

/** The workspace as far as it can be told: its times are missing while no worker answers for it. */
export async function readOwner(services: Services, workspaceId: string): Promise<KnownOwner> {
  const unknown: Owner = { id: workspaceId, status: null, shutdownAt: null, expiresAt: null };
  try {
    const execution = await within(services, serverAnswerMs, () => workspaceHandle(services, workspaceId).describe());
    const { name } = execution.status;
    if (name === 'RUNNING' || name === 'PAUSED') {
      return { owner: { ...unknown, ...(await askTimes(services, workspaceId, execution)) }, isLive: true };
    }
    return { owner: { ...unknown, status: name === 'COMPLETED' ? phaseOf(execution) : 'failed' }, isLive: false };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { owner: unknown, isLive: false };
    throw error;
  }
}

async function askTimes(
  services: Services,
  workspaceId: string,
  execution: WorkflowExecutionDescription,
): Promise<Pick<Owner, 'status' | 'shutdownAt' | 'expiresAt'>> {
  try {
    const handle = workspaceHandle(services, workspaceId);
    const { status, idle, expiresAt } = await within(services, workerAnswerMs, () => handle.query(workspaceStateQuery));
    return { status, shutdownAt: idle?.shutdownAt ?? null, expiresAt };
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    return { status: phaseOf(execution), shutdownAt: null, expiresAt: null };
  }
}

function phaseOf({ typedSearchAttributes }: WorkflowExecutionDescription): WorkspaceStatus {
  const phase = typedSearchAttributes.get(phaseAttribute);
  return workspaceStatuses.find((known) => known === phase) ?? 'creating';
}
