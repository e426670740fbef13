/** What a workflow costs the Temporal server. Signals that arrive together share a task, so a few events depend on the timing. */
import type { WorkflowHandle } from '@temporalio/client';
import proto from '@temporalio/proto';

const { History } = proto.temporal.api.history.v1;

/** The events of the workflow's latest execution, and their bytes as the server sends them. */
export async function historySize(
  handle: Pick<WorkflowHandle, 'fetchHistory'>,
): Promise<{ events: number; bytes: number }> {
  const history = await handle.fetchHistory();
  return { events: history.events?.length ?? 0, bytes: History.encode(history).finish().length };
}
