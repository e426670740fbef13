/** The words of a run: one request to an agent, from acceptance to a pull request. No behaviour. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { FailureName } from './failures.ts';
import type { Money } from './resources.ts';
import type { AgentId, AgentOptions, PublishPolicy, RunLimits } from './run.schema.ts';

export const runStatuses = [
  'accepted',
  'queued',
  'preparing',
  'working',
  'publishing',
  'completed',
  'failed',
  'cancelled',
] as const;
export type RunStatus = (typeof runStatuses)[number];

/** The workflow id of a run. */
export function runWorkflowId(runId: string): string {
  return `run:${runId}`;
}

/** The event-log stream that holds everything a run said and did. */
export function runStream(runId: string): string {
  return `run:${runId}`;
}

/** Where the bytes of a run lie in the blob store. The prompt is JSON: a text, or blocks of text and images. */
export function runBlobs(runId: string): { all: string; prompt: string; file: (name: string) => string } {
  const all = `run/${runId}/`;
  return { all, prompt: `${all}prompt.json`, file: (name) => `${all}files/${name}` };
}

/**
 * Under these names lie the credentials that came with the request itself. They belong to the run, and are removed at its end,
 * before its last word.
 */
export function runCredentials(runId: string): { model: string; git: string } {
  return { model: `${runId}.model`, git: `${runId}.git` };
}

/** The run whose own credential has this name; `undefined` for one that somebody stored under a name. */
export function runOfCredential(name: string): string | undefined {
  return /^(run-[a-z0-9]{10})\./.exec(name)?.[1];
}

/** What a run is started with. Neither prompt nor secrets are among it: both are named. */
export interface RunInput {
  runId: string;
  sessionId: string;
  /** Marks everything this installation makes; two installations never touch each other's things. */
  installation: string;
  /** Who asked: `owner`, or the name of a key. */
  owner: string;
  /** The beginning of the prompt, for lists and branch names. The whole prompt is the blob `runBlobs(runId).prompt`. */
  promptStart: string;
  agent: AgentId;
  options: AgentOptions;
  repository: RunRepository | null;
  /** Name of a stored credential of a model; `null` where none was named and the agent can do without. */
  modelCredential: string | null;
  publish: PublishPolicy;
  limits: RunLimits;
  callback: RunCallback | null;
  /** 1 to 5; 3 is usual, less is sooner. */
  priority: number;
  /** Runs of one key share a runner's places fairly with those of others. */
  fairnessKey: string;
  /** How the folder of the checkout is called if its session has none yet; empty, and in older runs missing, for no name. */
  directory?: string;
  /** Whether its session was there before it. */
  resuming?: boolean;
  /** No agent works: what the session has not published yet is published. */
  onlyPublish?: boolean;
  /** So long its runner may be away before the run goes on at another one. A worker that is started anew is back within seconds. */
  runnerLostSeconds: number;
  /** ISO 8601, UTC: when the request was accepted. */
  createdAt: string;
  /** The HTTP request that asked for it, to find it in the API's log. */
  requestId: string;
}

export interface RunRepository {
  url: string;
  /** What the branch is made from; `null` takes the repository's default branch. */
  branch: string | null;
  /** What the caller wants the folder called that it is cloned into; `null` for the repository's own name. */
  directory: string | null;
  /** Name of a stored credential that may read, and push if the run publishes; `null` for a public repository. */
  credential: string | null;
}

export interface RunCallback {
  url: string;
  /** Whose secrets sign it; see `callbackSecretNames`. */
  signer: string;
}

/** From where a conversation goes on: what the turn before left. */
export interface SessionCheckpoint {
  /** Whose it is, the provider's own id of it, and the key of the blob with its files; `null` if the agent keeps none. */
  conversation: { agent: AgentId; providerSessionId: string; archive: string } | null;
  /** The session's branch and its head, once one was pushed. */
  branch: string | null;
  head: string | null;
  /** The branch that it was made from, which pull requests go to; older checkpoints do not say it. */
  baseBranch?: string | null;
  /** What the turn before did and nobody published; older checkpoints say nothing of it. */
  unpublished?: UnpublishedWork | null;
  /** How the folder is called that the session works in, always the same: agents know their conversations by it. */
  directory?: string;
}

/** Files that exist as a bundle only, and what is needed to go on with them. */
export interface UnpublishedWork {
  repoUrl: string;
  /** Keys of the blobs with the bundle, and with the repository that it builds on. */
  bundle: string;
  archive: string;
  baseCommit: string;
  branch: string;
  expectedHead: string | null;
}

export interface PullRequestRef {
  number: number;
  /** Its page. */
  url: string;
}

export interface RunUsage {
  inputTokens: number;
  outputTokens: number;
  /** `null` where the model's price is not known. */
  cost: Money | null;
}

/** What a run tells of itself at any time. Times are ISO 8601, UTC. */
export interface RunState {
  id: string;
  sessionId: string;
  status: RunStatus;
  agent: AgentId;
  prompt: string;
  repoUrl: string | null;
  /** The branch that the work is on, once it has a name. */
  branch: string | null;
  /** The commit that was pushed. */
  commit: string | null;
  /** Runs that ended before there were any do not say it. */
  pullRequest?: PullRequestRef | null;
  /** What it does now, and how often that was tried. */
  step: string;
  attempt: number;
  /** The runner it is on. */
  host: string | null;
  waitingFor: { what: string; until: string | null } | null;
  usage: RunUsage | null;
  /** What the agent said last. */
  text: string | null;
  artifacts: string[];
  error: string | null;
  errorCode: FailureName | null;
  /** Why it was cancelled, if it was. */
  cancelReason: CancelReason | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
}

/** Cancel the run, whatever it is doing: accepted until its end is decided, and harmless when repeated. Fails with `InvalidState`. */
export const cancelRunUpdate = defineUpdate<RunState, [CancelRequest]>('cancelRun');
/** The same wish from a workflow, which can send no update. One that comes too late changes nothing. */
export const cancelRequestedSignal = defineSignal<[CancelRequest]>('cancelRequested');
export interface CancelRequest {
  reason: CancelReason;
}
export const cancelReasons = ['requested', 'interrupted', 'session closed'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** The session has come to this run; it goes on from what the turn before left. */
export const turnGivenSignal = defineSignal<[GivenTurn]>('turnGiven');
export interface GivenTurn {
  resume: SessionCheckpoint | null;
  /** Why what the turn before left cannot be gone on with, so that this one begins anew. */
  unreadable?: string;
}

/** A runner gave the run a place; its steps go to the queue of that runner. */
export const placeHeldSignal = defineSignal<[HeldPlace]>('placeHeld');
export interface HeldPlace {
  hostId: string;
  queue: string;
  /** For which of the run's requests it is: 1, 2 … */
  hold: number;
}

export const runStateQuery = defineQuery<RunState>('runState');
