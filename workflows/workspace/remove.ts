/** The end of every workspace: whatever was made is removed, and proven gone, before the final word is said. */
import { removeMachine, removeSecrets } from './activities.ts';
import { record, setStatus, setWaitingFor } from './record.ts';
import type { Workspace } from './workspace.ts';

/** Never fails and never gives up; runs outside the reach of cancellation. */
export async function remove(workspace: Workspace): Promise<void> {
  const { workspaceId, provider } = workspace.input;
  const reason = workspace.stopReason ?? 'failed';
  setStatus(workspace, 'stopping');
  await record(workspace, { type: 'workspace.stopping', data: { reason } });

  setWaitingFor(workspace, `${provider} to remove the machine`);
  // Also when no machine is known here: it may have been made by a call that never returned.
  await removeMachine({ workspaceId, provider });
  await record(workspace, { type: 'machine.removed', data: { providerId: workspace.machine?.providerId ?? null } });
  await removeSecrets({ workspaceId });

  await sayFinalWord(workspace);
}

async function sayFinalWord(workspace: Workspace): Promise<void> {
  const { failure, stopReason } = workspace;
  if (failure) {
    await record(workspace, { type: 'workspace.failed', data: failure });
    setStatus(workspace, 'failed');
  } else {
    await record(workspace, { type: 'workspace.stopped', data: { reason: stopReason ?? 'requested' } });
    setStatus(workspace, 'stopped');
  }
}
