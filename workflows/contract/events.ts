/** The events of a workspace's stream, as they lie in the event log and go out over SSE. */
import type { BootStep } from './workspace.schema.ts';
import type { FailureName } from './failures.ts';
import type { StopReason } from './workspace.ts';

/** Event type → its data. Keep a type's meaning for ever: old events are never rewritten. */
export interface WorkspaceEvents {
  'workspace.created': { name: string; repoUrl: string; branch: string | null; size: string; provider: string };
  'machine.created': { providerId: string; ipAddress: string | null };
  /** A provider call failed and will be repeated. */
  'machine.retrying': { activity: string; attempt: number; code: string; reason: string };
  'name.published': { hostname: string; ipAddress: string };
  'boot.step': { step: BootStep; status: 'started' | 'done' | 'failed'; message: string | null };
  'workspace.running': { accessUrl: string };
  /** The idle clock was looked at; says why the workspace lives on, or that it does not. */
  'idle.decided': { decision: 'keep' | 'stop'; because: string; shutdownAt: string };
  'heartbeat.lost': { minutes: number; decision: 'wait' | 'remove'; because: string };
  'workspace.extended': { minutes: number; until: string };
  /** It is stopped at `expiresAt`, whatever goes on in it: time to push what shall stay. */
  'lifetime.ending': { expiresAt: string };
  'workspace.stopping': { reason: StopReason };
  'name.removed': { hostname: string };
  'machine.removed': { providerId: string | null };
  'workspace.stopped': { reason: StopReason };
  'workspace.failed': { code: FailureName; message: string };
}

export type WorkspaceEventType = keyof WorkspaceEvents;
export type WorkspaceEvent = { [T in WorkspaceEventType]: { type: T; data: WorkspaceEvents[T] } }[WorkspaceEventType];

/** Types after which nothing more comes: a follower may close. */
export const lastEventTypes: readonly string[] = [
  'workspace.stopped',
  'workspace.failed',
] satisfies WorkspaceEventType[];
