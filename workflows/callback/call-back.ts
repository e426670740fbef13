import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startChild } from '@temporalio/workflow';
import { callbackWorkflowId, type CallbackOrder } from '../contract/callback.ts';
import { controlPlaneQueue } from '../contract/task-queues.ts';
import type { callbackDelivery } from './delivery.ts';

/**
 * Has a callback delivered, and returns when its delivery has begun: that lives on by itself, also when the caller ends. An id
 * that was used before is not delivered again.
 */
export async function callBack(order: CallbackOrder): Promise<void> {
  try {
    await startChild<typeof callbackDelivery>('callbackDelivery', {
      taskQueue: controlPlaneQueue,
      workflowId: callbackWorkflowId(order.id),
      workflowIdReusePolicy: 'REJECT_DUPLICATE',
      parentClosePolicy: 'ABANDON',
      args: [{ callbackId: order.id, order }],
      staticSummary: `${order.type} of ${order.subject}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
