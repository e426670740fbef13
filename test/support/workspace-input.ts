import { newWorkspaceId } from '../../api/workspaces/plan.ts';
import { terminalHostname } from '../../workflows/contract/hostnames.ts';
import type { WorkspaceInput, WorkspaceLimits } from '../../workflows/contract/workspace.ts';

export interface InputOverrides {
  limits?: Partial<WorkspaceLimits>;
  /** A domain other than `localhost` makes for a machine that needs a name. */
  baseDomain?: string;
}

/** A workspace like any other, under an id of its own. */
export function newWorkspaceInput({ limits, baseDomain = 'localhost' }: InputOverrides = {}): WorkspaceInput {
  const workspaceId = newWorkspaceId();
  return {
    workspaceId,
    installation: 'pawl-test',
    provider: 'scripted',
    name: 'hello-world',
    repoUrl: 'https://git.example/hello-world.git',
    branch: null,
    size: 'medium',
    hostname: terminalHostname('wildcard', workspaceId, baseDomain),
    requestId: 'request-1',
    limits: { idleMinutes: 30, provisionMinutes: 20, heartbeatLostMinutes: 15, maxHistoryEvents: 4000, ...limits },
  };
}
