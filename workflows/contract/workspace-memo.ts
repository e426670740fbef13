/** What is kept beside a workspace's execution, so that lists and broken executions can be shown without asking a worker. */
import type { WorkspaceInput } from './workspace.ts';

/**
 * Set at the start, and carried along by continue-as-new. What there is not is left out: the Temporal Web UI shows a null in a
 * memo as the encrypted payload that it came as.
 */
export interface WorkspaceMemo extends Pick<WorkspaceInput, 'name' | 'repoUrl' | 'size' | 'hostname' | 'provider'> {
  branch?: string;
  /** ISO 8601, UTC: when the request was accepted. */
  createdAt: string;
  /** Added by the lifecycle once the workspace runs. */
  accessUrl?: string;
}
