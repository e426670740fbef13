/** What is kept beside a workspace's execution, so that lists and broken executions can be shown without asking a worker. */
import type { WorkspaceInput } from './workspace.ts';

/** Set at the start, and carried along by continue-as-new; `accessUrl` is upserted by the lifecycle while it runs. */
export interface WorkspaceMemo extends Pick<
  WorkspaceInput,
  'name' | 'repoUrl' | 'branch' | 'size' | 'hostname' | 'provider'
> {
  /** ISO 8601, UTC: when the request was accepted. */
  createdAt: string;
  accessUrl: string | null;
}
