/** What a run knows of itself while it goes on, and how it tells it. */
import type { FailureName } from '../contract/failures.ts';
import type { AgentEnding } from '../contract/run-events.ts';
import type {
  CancelReason,
  GivenTurn,
  HeldPlace,
  PullRequestRef,
  RunInput,
  RunState,
  RunStatus,
  RunUsage,
  UnpublishedWork,
} from '../contract/run.ts';

export interface Run {
  readonly input: RunInput;
  status: RunStatus;
  /** What it does now, and how often it has moved to do that again. */
  step: string;
  moves: number;
  waitingFor: { what: string; until: number | null } | null;
  /** Given by the session. */
  turn: GivenTurn | null;
  /** How often it asked for a place, and the one that it has. */
  holds: number;
  place: HeldPlace | null;
  /** The checkout that its agent works on; `null` before it is prepared, and when there is no repository. */
  checkout: Checkout | null;
  /** Its agent has what it needs to begin, or is about to get it: there may be something to collect. */
  mayHaveBegun: boolean;
  /** How the agent's work ended, and the names of what it left; `null` while it may go on. */
  ending: AgentEnding | null;
  /** The commit that was pushed, and the pull request that shows it. */
  commit: string | null;
  pullRequest: PullRequestRef | null;
  /** A wish that the handlers record and the main line carries out. */
  cancelReason: CancelReason | null;
  failure: { code: FailureName; message: string } | null;
  outcome: 'completed' | 'failed' | 'cancelled' | null;
  startedAt: number | null;
  endedAt: number | null;
  /** When the work began: the default of all that is derived from a time. */
  readonly openedAt: number;
  recordedEvents: number;
}

export interface Checkout {
  /** Key of the blob that holds it. */
  archive: string;
  baseCommit: string;
  /** The branch that the work is to be published as, and the one that this was made from; `null` if nobody knows any more. */
  branch: string;
  baseBranch: string | null;
  /** Where that branch is now; `null` when it is not there yet. */
  expectedHead: string | null;
  /** Work of the turn before that this one goes on with. */
  unpublished: UnpublishedWork | null;
}

export function openRun(input: RunInput, now: number): Run {
  return {
    input,
    status: 'accepted',
    step: 'accept',
    moves: 0,
    waitingFor: null,
    turn: null,
    holds: 0,
    place: null,
    checkout: null,
    mayHaveBegun: false,
    ending: null,
    commit: null,
    pullRequest: null,
    cancelReason: null,
    failure: null,
    outcome: null,
    startedAt: null,
    endedAt: null,
    openedAt: now,
    recordedEvents: 0,
  };
}

export function describeRun(run: Run): RunState {
  const { input, failure, waitingFor } = run;
  return {
    id: input.runId,
    sessionId: input.sessionId,
    status: run.status,
    agent: input.agent,
    prompt: input.promptStart,
    repoUrl: input.repository?.url ?? null,
    branch: run.checkout?.branch ?? null,
    commit: run.commit,
    pullRequest: run.pullRequest,
    step: run.step,
    attempt: run.moves + 1,
    host: run.place?.hostId ?? null,
    waitingFor: waitingFor && { what: waitingFor.what, until: isoTimeOrNull(waitingFor.until) },
    usage: usageOf(run),
    text: run.ending?.text ?? null,
    artifacts: run.ending?.files ?? [],
    error: failure?.message ?? null,
    errorCode: failure?.code ?? null,
    cancelReason: run.outcome === 'cancelled' ? (run.cancelReason ?? 'requested') : null,
    createdAt: input.createdAt,
    startedAt: isoTimeOrNull(run.startedAt),
    endedAt: isoTimeOrNull(run.endedAt),
  };
}

/** What the agent says that it used; `null` before it has said so. */
export function usageOf({ ending }: Run): RunUsage | null {
  if (!ending) return null;
  const { inputTokens, outputTokens, costUsd } = ending.usage;
  const cost = costUsd === null ? null : { micros: Math.round(costUsd * 1_000_000), currency: 'USD' };
  return { inputTokens, outputTokens, cost };
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function isoTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}
