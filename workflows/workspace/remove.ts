/** The end of every workspace: whatever was made is removed, and proven gone, before the final word is said. */
import { removeMachine, removeSecrets } from './activities.ts';
import { mayHaveName, withdrawName } from './names.ts';
import { record, setStatus, setWaitingFor } from './record.ts';
import type { Workspace } from './workspace.ts';

/** Never fails and never gives up; runs outside the reach of cancellation. */
export async function remove(workspace: Workspace): Promise<void> {
  const { workspaceId, provider } = workspace.input;
  const reason = workspace.stopReason ?? 'failed';
  setStatus(workspace, 'stopping');
  await record(workspace, { type: 'workspace.stopping', data: { reason } });

  setWaitingFor(workspace, `${provider} to remove the machine`);
  // Side by side: names that cannot be removed must not keep a machine that costs money.
  await Promise.all([removeTheMachine(workspace), ...(mayHaveName(workspace) ? [withdrawName(workspace)] : [])]);
  await removeSecrets({ workspaceId });

  await sayFinalWord(workspace);
}

/** Also when no machine is known here: it may have been made by a call that never returned. */
async function removeTheMachine(workspace: Workspace): Promise<void> {
  const { workspaceId, provider } = workspace.input;
  await removeMachine({ workspaceId, provider });
  await record(workspace, { type: 'machine.removed', data: { providerId: workspace.machine?.providerId ?? null } });
  if (mayHaveName(workspace)) setWaitingFor(workspace, 'its name to be removed');
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
