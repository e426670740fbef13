/** The events of a run's stream, as they lie in the event log and go out over SSE. */
import type { FailureName } from './failures.ts';
import type { PullRequestRef, RunUsage } from './run.ts';

/** Event type → its data. Keep a type's meaning for ever: old events are never rewritten. */
export interface RunEvents {
  /** `resuming`: the session was there before it. */
  'run.accepted': {
    sessionId: string;
    agent: string;
    repoUrl: string | null;
    publish: string;
    resuming: boolean;
    owner: string;
  };
  /** What its session had cannot be gone on with: the run begins anew. */
  'session.unreadable': { reason: string };
  /** Its turn came; it waits for a place on a runner. */
  'run.queued': { queue: string };
  'run.preparing': { host: string; resuming: boolean };
  'repository.cloning': { repoUrl: string };
  /**
   * `fellBack`: the asked branch is missing, so the session's base or the default branch was taken. `directory`: how its folder
   * is called.
   */
  'repository.cloned': {
    branch: string;
    asked: string | null;
    fellBack: boolean;
    commit: string;
    directory?: string;
  };
  'branch.named': { branch: string; from: string };
  /** The machine or the container of the run was lost; it goes on from the last checkpoint. */
  'run.moved': { host: string; because: string };
  // From the agent's container:
  'agent.started': { agent: string; version: string | null; resumed: null | 'volume' | 'checkpoint' };
  /** The provider's own message, untouched. */
  'agent.message': { message: unknown };
  'agent.log': { stream: 'stdout' | 'stderr'; text: string };
  'checkpoint.saved': { n: number; file: string };
  'agent.ended': AgentEnding;
  // From publishing:
  'publish.started': { branch: string };
  'publish.nothing': Record<string, never>;
  /** Before the push. `isNew`: the branch was not there until now. */
  'publish.committed': { branch: string; commit: string; message: string; isNew?: boolean };
  'publish.pushed': { branch: string; commit: string };
  'publish.failed': { branch: string; code: FailureName; reason: string };
  'pull_request.opened': PullRequestRef & { branch: string };
  /** The branch had one already, which now shows this work as well. */
  'pull_request.updated': PullRequestRef & { branch: string };
  'pull_request.failed': { branch: string; code: FailureName; reason: string };
  // The last one is always one of these:
  'run.completed': {
    durationMs: number;
    branch: string | null;
    commit: string | null;
    /** Events of before there were any have none. */
    pullRequest?: PullRequestRef | null;
    usage: RunUsage | null;
  };
  'run.failed': { durationMs: number; code: FailureName; message: string };
  'run.cancelled': { durationMs: number; reason: string };
}

export const agentOutcomes = ['completed', 'failed', 'aborted', 'refused', 'limit'] as const;
export type AgentOutcomeKind = (typeof agentOutcomes)[number];

/** How the agent's work ended, as its host in the container says. */
export interface AgentEnding {
  outcome: AgentOutcomeKind;
  reason: string | null;
  providerSessionId: string | null;
  text: string | null;
  usage: { inputTokens: number; outputTokens: number; costUsd: number | null };
  /** Names of the run's blobs that it left: `result.bundle`, `session.tar` … */
  files: string[];
  /** What it could not leave, and why. */
  leftOut: { path: string; reason: string }[];
}

export type RunEventType = keyof RunEvents;
export type RunEvent = { [T in RunEventType]: { type: T; data: RunEvents[T] } }[RunEventType];

/** Types after which nothing more comes: a follower may close. */
export const lastRunEventTypes: readonly string[] = [
  'run.completed',
  'run.failed',
  'run.cancelled',
] satisfies RunEventType[];
