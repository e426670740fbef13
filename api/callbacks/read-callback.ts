import { WorkflowNotFoundError } from '@temporalio/client';
import { callbackWorkflowId } from '../../workflows/contract/callback.ts';
import type { CallbackDetails } from '../answers-callbacks.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { describeRetries } from '../workspaces/retries.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';
import { summarise } from './summarise.ts';

/** The callback with its attempts, and what its delivery waits for. Fails with `callback_not_found`. */
export async function readCallback(services: Services, id: string): Promise<CallbackDetails> {
  const callback = await services.store.callbacks.read(id);
  if (!callback) throw new Problem('callback_not_found', 'There is no such callback.');
  const { body, ...rest } = callback;
  return {
    ...summarise(rest),
    message: JSON.parse(body) as unknown,
    deliveries: await services.store.callbacks.attempts(id),
    waitingFor: rest.status === 'pending' ? await describeWait(services, id) : null,
  };
}

async function describeWait(services: Services, id: string): Promise<CallbackDetails['waitingFor']> {
  try {
    const handle = services.temporal.workflow.getHandle(callbackWorkflowId(id));
    const execution = await within(services, serverAnswerMs, () => handle.describe());
    return (await describeRetries(services, execution)) ?? null;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
