/** Whether a workspace's lifecycle is running, asked of Temporal itself: visibility lists lag behind. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { workspaceWorkflowId } from '../workflows/contract/workspace.ts';

/** Rejects when Temporal cannot tell; callers must then take the workspace for live. */
export async function isWorkspaceLive(client: Client, workspaceId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workspaceWorkflowId(workspaceId)).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
