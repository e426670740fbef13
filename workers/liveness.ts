/** Whether a workflow is running, asked of Temporal itself: visibility lists lag behind. */
import { WorkflowFailedError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { workspaceWorkflowId } from '../workflows/contract/workspace.ts';

/** Whether a workspace's lifecycle is running. Rejects as `isWorkflowLive` does. */
export function isWorkspaceLive(client: Client, workspaceId: string): Promise<boolean> {
  return isWorkflowLive(client, workspaceWorkflowId(workspaceId));
}

/** Resolves when the workflow has ended, however; rejects when `signal` aborts. */
export async function waitForWorkflow(client: Client, workflowId: string, signal: AbortSignal): Promise<void> {
  await client.connection.withAbortSignal(signal, async () => {
    try {
      await client.workflow.getHandle(workflowId).result();
    } catch (error) {
      // How it ended does not matter here.
      if (!(error instanceof WorkflowFailedError || error instanceof WorkflowNotFoundError)) throw error;
    }
  });
}

/** Rejects when Temporal cannot tell; callers must then take the workflow for live. */
export async function isWorkflowLive(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
