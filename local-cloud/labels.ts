/** Labels of everything that belongs to a machine, or to a run; what bears them is ours, and nothing else is. */
import type { Labels } from './docker-engine.ts';

export const installationLabel = 'io.pawl.installation';
export const workspaceLabel = 'io.pawl.workspace';
export const hostnameLabel = 'io.pawl.hostname';

export const runLabel = 'io.pawl.run';

/** Labels by which everything of a run is found. */
export function runLabels(installation: string, runId: string): Labels {
  return { [installationLabel]: installation, [runLabel]: runId };
}

/** Labels by which a workspace's machine is found. */
export function workspaceLabels(installation: string, workspaceId: string): Labels {
  return { [installationLabel]: installation, [workspaceLabel]: workspaceId };
}
