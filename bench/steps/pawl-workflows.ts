/** The same number of steps told the way Pawl tells them; and its own lifecycle, to be run with activities that do nothing. */
import { proxyActivities, setHandler } from '@temporalio/workflow';
import {
  bootReportedSignal,
  heartbeatReceivedSignal,
  stopWorkspaceUpdate,
  workspaceStateQuery,
  type StopRequest,
  type WorkspaceInput,
  type WorkspaceState,
} from '../../workflows/contract/workspace.ts';
import { checkAllowed, noteBootReport, noteHeartbeat, noteStop } from '../../workflows/workspace/messages.ts';
import { setStatus, setWaitingFor } from '../../workflows/workspace/record.ts';
import { describeWorkspace, openWorkspace } from '../../workflows/workspace/workspace.ts';
import type { StepActivities } from './activities.ts';

export { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';

const { doNothing } = proxyActivities<StepActivities>({
  startToCloseTimeout: '10 seconds',
  summary: 'a step that does nothing',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Handlers, search attributes, current details and a full result, as the lifecycle has them. */
export async function chain(input: WorkspaceInput, steps: number): Promise<WorkspaceState> {
  const workspace = openWorkspace(input, Date.now());
  setHandler(workspaceStateQuery, () => describeWorkspace(workspace));
  setHandler(bootReportedSignal, (report) => noteBootReport(workspace, report));
  setHandler(heartbeatReceivedSignal, (report) => noteHeartbeat(workspace, report, Date.now()));
  setHandler(stopWorkspaceUpdate, (request) => (noteStop(workspace, request), describeWorkspace(workspace)), {
    validator: (_request: StopRequest) => checkAllowed('stop', workspace),
  });

  setStatus(workspace, 'running');
  for (let step = 0; step < steps; step++) {
    setWaitingFor(workspace, `step ${step}`);
    await doNothing();
  }
  setStatus(workspace, 'stopped');
  return describeWorkspace(workspace);
}
