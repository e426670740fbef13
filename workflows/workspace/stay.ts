/** A running workspace: one lazy timer, and nothing else, until somebody stops it or nobody needs it. */
import { condition, workflowInfo } from '@temporalio/workflow';
import type { Liveness } from '../contract/workspace.ts';
import { failure } from './failure.ts';
import { becauseOf, decideIdle, isDecisionDue, shutdownAt, survivesLook, type IdleVerdict } from './idle.ts';
import { isGone, lookAtMachine } from './look.ts';
import { record, setWaitingFor } from './record.ts';
import { isoTime, type Workspace } from './workspace.ts';

/**
 * Returns `idle` when nobody needs the workspace any more, `history full` when the lifecycle should continue as new.
 * Fails with `MachineLost`. A stop arrives as a cancellation.
 */
export async function stayWhileNeeded(workspace: Workspace, liveness: Liveness): Promise<'idle' | 'history full'> {
  for (;;) {
    await recordDecision(workspace, liveness);
    if (isHistoryFull(workspace)) return 'history full';
    const verdict = decideIdle(liveness, workspace.keepUntil, workspace.input.limits, Date.now());
    if (verdict.kind === 'stop') return await decideToStop(workspace, liveness);
    if (verdict.kind === 'look') await lookForLife(workspace, liveness);
    else await rest(workspace, liveness, verdict);
  }
}

/** Lazy: a heartbeat moves the deadline without touching the timer, which is set again only after it fired. */
async function rest(
  workspace: Workspace,
  liveness: Liveness,
  { until, awaitsHeartbeat }: Extract<IdleVerdict, { kind: 'wait' }>,
): Promise<void> {
  const { heardAt } = liveness;
  const wakeUp = (): boolean =>
    workspace.outbox.length > 0 || isHistoryFull(workspace) || (awaitsHeartbeat && liveness.heardAt > heardAt);
  const what = awaitsHeartbeat ? 'a heartbeat that confirms idleness' : 'activity to end';
  setWaitingFor(workspace, what, until);
  await condition(wakeUp, Math.max(until - Date.now(), 1), { summary: what });
}

/** Writes down what an announced deadline came to: the reader sees why a workspace lived on. */
async function recordDecision(workspace: Workspace, liveness: Liveness): Promise<void> {
  const deadline = shutdownAt(liveness, workspace.keepUntil, workspace.input.limits);
  if (!isDecisionDue(liveness, deadline, Date.now())) return await record(workspace);
  liveness.announcedShutdownAt = deadline;
  const because = becauseOf(liveness, workspace.keepUntil, Date.now());
  await record(workspace, {
    type: 'idle.decided',
    data: { decision: 'keep', because, shutdownAt: isoTime(deadline) },
  });
}

async function decideToStop(workspace: Workspace, liveness: Liveness): Promise<'idle'> {
  const now = isoTime(Date.now());
  const because = `no activity since ${isoTime(liveness.lastActivityAt)}`;
  await record(workspace, { type: 'idle.decided', data: { decision: 'stop', because, shutdownAt: now } });
  return 'idle';
}

/** Heartbeats are missing. A machine that is gone, or silent for a second time, is given up. */
async function lookForLife(workspace: Workspace, liveness: Liveness): Promise<void> {
  const heardBefore = liveness.heardAt;
  const sight = await lookAtMachine(workspace);
  if (liveness.heardAt > heardBefore) return;

  const minutes = Math.round((Date.now() - liveness.heardAt) / 60_000);
  const isLost = isGone(sight) || !survivesLook(liveness);
  const because = `the machine is ${sight}, without a heartbeat for ${minutes} minutes`;
  await record(workspace, {
    type: 'heartbeat.lost',
    data: { minutes, decision: isLost ? 'remove' : 'wait', because },
  });
  if (isLost) throw failure('MachineLost', `Lost: ${because}.`);
  liveness.looks += 1;
  liveness.lookedAt = Date.now();
}

/** The server suggests it; the limit of our own makes it testable and keeps replays short. */
function isHistoryFull({ input }: Workspace): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= input.limits.maxHistoryEvents;
}
