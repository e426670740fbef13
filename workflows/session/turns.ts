/** Turns: runs that exist from the moment of their acceptance, and work when the session comes to them. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { getExternalWorkflowHandle, isCancellation, startChild, TemporalFailure } from '@temporalio/workflow';
import {
  cancelRequestedSignal,
  runWorkflowId,
  turnGivenSignal,
  type CancelReason,
  type GivenTurn,
  type RunInput,
} from '../contract/run.ts';
import type { SessionInput } from '../contract/session.ts';
import type { agentRun } from '../run/agent-run.ts';
import { reasonOf } from '../run/failure.ts';
import { readCheckpoint, waitForRun } from './activities.ts';
import { childOptions } from './child-options.ts';
import type { Session, Turn } from './state.ts';

/** Starts the run and has it wait. One that existed before has had its turn, and gets no other: then it returns `false`. */
export async function startTurn(session: Session, run: RunInput): Promise<boolean> {
  // At once, so that the order is that of acceptance.
  const turn: Turn = { runId: run.runId, ended: null };
  session.queue.push(turn);
  try {
    const child = await startChild<typeof agentRun>('agentRun', childOptions(run));
    turn.ended = child.result().then(ignore, ignore);
    // Whoever closed the session meanwhile could not tell it, as it was not there yet.
    if (session.isClosing) await cancelTurn(run.runId, 'session closed');
    return true;
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    session.queue = session.queue.filter((other) => other !== turn);
    return false;
  }
}

/** Gives the first in the queue its turn, and returns when it has ended. */
export async function takeTurn(session: Session): Promise<void> {
  const turn = session.queue.shift();
  if (!turn) return;
  const { runId } = turn;
  session.working = runId;
  const given = await whatIsLeft(session.input);
  if (await tell(runId, (handle) => handle.signal(turnGivenSignal, given))) {
    await (turn.ended ?? waitForRun({ runId }));
  }
  session.working = null;
}

/** What nobody can read must not keep the session from going on: the run begins anew, and says so. */
async function whatIsLeft({ sessionId }: SessionInput): Promise<GivenTurn> {
  try {
    return { resume: await readCheckpoint({ sessionId }) };
  } catch (error) {
    const { code, message } = reasonOf(error);
    if (code !== 'CheckpointUnreadable') throw error;
    return { resume: null, unreadable: message };
  }
}

export async function cancelTurn(runId: string, reason: CancelReason): Promise<void> {
  await tell(runId, (handle) => handle.signal(cancelRequestedSignal, { reason }));
}

/** Returns `false` when the run has ended, and so cannot be told anything. */
async function tell(
  runId: string,
  send: (handle: ReturnType<typeof getExternalWorkflowHandle>) => Promise<void>,
): Promise<boolean> {
  try {
    await send(getExternalWorkflowHandle(runWorkflowId(runId)));
    return true;
  } catch (error) {
    if (error instanceof TemporalFailure && !isCancellation(error)) return false;
    throw error;
  }
}

function ignore(): void {
  // How a run ended is told by the run; the session only goes on.
}
