/** The words of a session: one conversation with an agent, turn by turn. No behaviour. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { RunInput } from './run.ts';

/** The workflow id of a session. It runs while there are prompts to work on; what outlives it lies in the store. */
export function sessionWorkflowId(sessionId: string): string {
  return `session:${sessionId}`;
}

/** The session whose workflow has this id; `undefined` for another one's. */
export function sessionOfWorkflow(workflowId: string): string | undefined {
  const [prefix, ...rest] = workflowId.split(':');
  return prefix === 'session' ? rest.join(':') : undefined;
}

export interface SessionInput {
  sessionId: string;
  /** Prompts that may wait beside the one that is worked on; more are refused as `Busy`. */
  queueLimit: number;
  /** It continues as new between two turns once its history has so many events. */
  maxHistoryEvents: number;
  /** Set by continue-as-new only: the runs that wait, in order. */
  carriedOver?: { waiting: string[]; isClosing: boolean };
}

/**
 * Queue a prompt; who does has seen to it that the store has a record of the session. Its run exists at once, and waits for its
 * turn: turns are worked on one at a time, in the order of acceptance. The same `runId` again changes nothing. Fails with
 * `Busy` when the queue is full.
 */
export const promptSessionUpdate = defineUpdate<QueuePlace, [RunInput]>('promptSession');
export interface QueuePlace {
  runId: string;
  /** How many turns are before it. */
  ahead: number;
  /** The run's `createdAt`, if it begins with this prompt; else the run itself knows, as it does where older sessions say nothing. */
  createdAt?: string | null;
}

/** Cancel the turn that is worked on now, and keep the queue. `runId` is `null` when there is none. */
export const interruptSessionUpdate = defineUpdate<{ runId: string | null }, []>('interruptSession');

/** Cancel every turn and take no more, until the session is forgotten or ends, shortly after the last of them has. */
export const closeSessionUpdate = defineUpdate<void, []>('closeSession');

/** What was before is forgotten; from here on the id is that of a new session. */
export const sessionForgottenSignal = defineSignal('sessionForgotten');

export const sessionQueueQuery = defineQuery<{ working: string | null; waiting: string[] }>('sessionQueue');
