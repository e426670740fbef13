import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import { runWorkflowId } from '../../workflows/contract/run.ts';
import { sessionWorkflowId } from '../../workflows/contract/session.ts';
import type { agentRun } from '../../workflows/run/agent-run.ts';
import type { session } from '../../workflows/session/session.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';

export type RunHandle = WorkflowHandle<typeof agentRun>;
export type SessionHandle = WorkflowHandle<typeof session>;

export function runHandle({ temporal }: Services, runId: string): RunHandle {
  return temporal.workflow.getHandle<typeof agentRun>(runWorkflowId(runId));
}

/** The session's latest execution; one that has nothing to do has ended. */
export function sessionHandle({ temporal }: Services, sessionId: string): SessionHandle {
  return temporal.workflow.getHandle<typeof session>(sessionWorkflowId(sessionId));
}

/** The answer, or what is told when there is no such execution. */
export async function unlessMissing<Answer>(answer: Promise<Answer>, missing: () => Answer | never): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return missing();
    throw error;
  }
}

export function noSuchRun(): never {
  throw new Problem('run_not_found', 'There is no such run.');
}
