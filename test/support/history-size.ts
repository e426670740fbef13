/** What a workflow costs the Temporal server. Signals that arrive together share a task, so some events depend on the timing. */
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';
import { until } from '../../engine/until.ts';

const { History } = proto.temporal.api.history.v1;

/** The events of the workflow's latest execution, and their bytes as the server sends them. */
export async function historySize(
  handle: Pick<WorkflowHandle, 'fetchHistory'>,
): Promise<{ events: number; bytes: number }> {
  const history = await handle.fetchHistory();
  return { events: history.events?.length ?? 0, bytes: History.encode(history).finish().length };
}

/** Resolves once the workflow has taken in all that it was sent, so that what follows gets a task of its own. */
export async function untilHeard(handle: Pick<WorkflowHandle, 'fetchHistory' | 'workflowId'>): Promise<void> {
  const isAtRest = async (): Promise<boolean> => {
    const { events } = await handle.fetchHistory();
    const scheduled = events?.filter(({ workflowTaskScheduledEventAttributes: task }) => task).length;
    return scheduled === events?.filter(({ workflowTaskCompletedEventAttributes: task }) => task).length;
  };
  await until(`${handle.workflowId} has heard everything`, isAtRest, { pollMs: 10 });
}
