import { newWorkspaceId } from '../../api/workspaces/plan.ts';
import type { WorkspaceInput, WorkspaceLimits } from '../../workflows/contract/workspace.ts';

/** A workspace like any other, under an id of its own. */
export function newWorkspaceInput(limits: Partial<WorkspaceLimits> = {}): WorkspaceInput {
  const workspaceId = newWorkspaceId();
  return {
    workspaceId,
    installation: 'pawl-test',
    provider: 'scripted',
    name: 'hello-world',
    repoUrl: 'https://git.example/hello-world.git',
    branch: null,
    size: 'medium',
    hostname: `ui.${workspaceId}.vm.localhost`,
    requestId: 'request-1',
    limits: { idleMinutes: 30, provisionMinutes: 20, heartbeatLostMinutes: 15, maxHistoryEvents: 4000, ...limits },
  };
}
