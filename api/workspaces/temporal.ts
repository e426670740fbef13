import type { WorkflowHandle } from '@temporalio/client';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { workspaceWorkflowId } from '../../workflows/contract/workspace.ts';
import type { Services } from '../services.ts';

export type WorkspaceHandle = WorkflowHandle<typeof workspaceLifecycle>;

/** The workspace's latest execution. */
export function workspaceHandle({ temporal }: Services, workspaceId: string): WorkspaceHandle {
  return temporal.workflow.getHandle<typeof workspaceLifecycle>(workspaceWorkflowId(workspaceId));
}

/** What the server answers from its own memory or disk. */
export const serverAnswerMs = 5_000;

/** What a worker must answer: a query or an update may have to wait for a replay. */
export const workerAnswerMs = 8_000;

/** Without a deadline a call waits for ever while the server or all workers are away. */
export async function within<Result>(
  { temporal }: Pick<Services, 'temporal'>,
  limitMs: number,
  call: () => Promise<Result>,
): Promise<Result> {
  return await temporal.withDeadline(Date.now() + limitMs, call);
}
