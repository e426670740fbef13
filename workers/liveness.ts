/** Whether the workflow of something that exists is running, asked of Temporal itself: visibility lists lag behind. */
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { machineImageWorkflowId } from '../workflows/contract/machine-image.ts';
import { workspaceWorkflowId } from '../workflows/contract/workspace.ts';

/** Rejects when Temporal cannot tell; callers must then take the workspace for live. */
export async function isWorkspaceLive(client: Client, workspaceId: string): Promise<boolean> {
  return await isRunning(client, workspaceWorkflowId(workspaceId));
}

/** The same of a machine image that is being built at this provider. */
export async function isImageBuildLive(client: Client, provider: string): Promise<boolean> {
  return await isRunning(client, machineImageWorkflowId(provider));
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  try {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name === 'RUNNING' || status.name === 'PAUSED';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}
