import { callbackWorkflowId, redriveRequestedSignal } from '../../workflows/contract/callback.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { callbackDelivery } from '../../workflows/callback/delivery.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';

/**
 * Has the callback delivered at once, whether its delivery has ended or waits for its next attempt. The receiver sees the same
 * id again. Fails with `callback_not_found`.
 */
export async function redriveCallback(services: Services, callbackId: string): Promise<void> {
  const callback = await services.store.callbacks.read(callbackId);
  if (!callback) throw new Problem('callback_not_found', 'There is no such callback.');
  await within(services, serverAnswerMs, () =>
    services.temporal.workflow.signalWithStart<typeof callbackDelivery>('callbackDelivery', {
      taskQueue: controlPlaneQueue,
      workflowId: callbackWorkflowId(callbackId),
      args: [{ callbackId }],
      signal: redriveRequestedSignal,
      staticSummary: `${callback.type} of ${callback.subject}, again`,
    }),
  );
}
