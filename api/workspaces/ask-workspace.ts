import { createHash } from 'node:crypto';
import { ApplicationFailure, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { FailureName } from '../../workflows/contract/failures.ts';
import {
  certifyMachineUpdate,
  extendWorkspaceUpdate,
  stopWorkspaceUpdate,
  type MachineCertificate,
  type StopReason,
  type WorkspaceState,
} from '../../workflows/contract/workspace.ts';
import { Problem, type ProblemCode } from '../problems.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workerAnswerMs, workspaceHandle, type WorkspaceHandle } from './temporal.ts';

/**
 * Stops the workspace; returns once the lifecycle has accepted it. Fails with `workspace_not_found`, or with
 * `workspace_already_stopped` once it has ended.
 */
export async function stopWorkspace(
  services: Services,
  workspaceId: string,
  reason: StopReason,
): Promise<WorkspaceState> {
  return await ask(services, workspaceId, (handle) =>
    handle.executeUpdate(stopWorkspaceUpdate, { args: [{ reason }] }),
  );
}

/** Keeps the workspace alive; `updateId` makes a repeat harmless. Fails like `stopWorkspace`, and while it stops. */
export async function extendWorkspace(
  services: Services,
  workspaceId: string,
  { minutes, updateId }: { minutes: number; updateId: string },
): Promise<WorkspaceState> {
  return await ask(services, workspaceId, (handle) =>
    handle.executeUpdate(extendWorkspaceUpdate, { args: [{ minutes }], updateId }),
  );
}

/**
 * The certificate of the workspace's machine. A repeat with the same request finds the first one, whatever became of it.
 * Fails with `certificate_refused` when it can have none, with `worker_unavailable` while there is none yet, and otherwise like
 * `stopWorkspace`.
 */
export async function certifyMachine(services: Services, workspaceId: string, csr: string): Promise<string> {
  const updateId = `certificate:${createHash('sha256').update(csr).digest('base64url')}`;
  const order = (handle: WorkspaceHandle): Promise<MachineCertificate> =>
    handle.executeUpdate(certifyMachineUpdate, { args: [{ csr }], updateId });
  return (await ask(services, workspaceId, order, 'certificate_refused')).certificate;
}

async function ask<Answer>(
  services: Services,
  workspaceId: string,
  question: (handle: WorkspaceHandle) => Promise<Answer>,
  refusal: ProblemCode = 'workspace_already_stopped',
): Promise<Answer> {
  try {
    return await within(services, workerAnswerMs, () => question(workspaceHandle(services, workspaceId)));
  } catch (error) {
    if (isRefusal(error)) throw new Problem(refusal, error.cause.message);
    if (error instanceof WorkflowNotFoundError) throw await neverOrNoLonger(services, workspaceId);
    throw error;
  }
}

function isRefusal(error: unknown): error is WorkflowUpdateFailedError & { cause: ApplicationFailure } {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return false;
  return error.cause.type === ('InvalidState' satisfies FailureName);
}

/** To an update, a workspace that ended is as unknown as one that never was; a description tells them apart. */
async function neverOrNoLonger(services: Services, workspaceId: string): Promise<Problem> {
  await within(services, serverAnswerMs, () => workspaceHandle(services, workspaceId).describe());
  return new Problem('workspace_already_stopped', 'This workspace has ended.');
}
