import { WorkflowNotFoundError } from '@temporalio/client';
import type { Services } from '../services.ts';
import { within } from '../workspaces/temporal.ts';

/** Who follows waits for this; the next quiet while brings the question again. */
const answerMs = 2_000;

/** Whether this workflow tells nothing any more, even if it was ended before it could say so. While Temporal is away, it may. */
export async function hasEnded(services: Pick<Services, 'temporal'>, workflowId: string): Promise<boolean> {
  const handle = services.temporal.workflow.getHandle(workflowId);
  try {
    const { status } = await within(services, answerMs, () => handle.describe());
    return status.name !== 'RUNNING' && status.name !== 'PAUSED';
  } catch (error) {
    return error instanceof WorkflowNotFoundError;
  }
}
