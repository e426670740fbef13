/** The words of a session: one conversation with an agent, turn by turn. No behaviour. */
import { defineQuery, defineUpdate } from '@temporalio/workflow';
import type { RunInput } from './run.ts';

/** The workflow id of a session. It runs while there are prompts to work on; what outlives it lies in the store. */
export function sessionWorkflowId(sessionId: string): string {
  return `session:${sessionId}`;
}

export interface SessionInput {
  sessionId: string;
  /** Prompts that may wait beside the one that is worked on; more are refused as `Busy`. */
  queueLimit: number;
  /** Set by continue-as-new only. */
  carriedOver?: { waiting: QueuedRun[]; takenRuns: number };
}

/** A turn as it is asked for: all of the run but what the turn before it leaves. */
export type QueuedRun = Omit<RunInput, 'resume' | 'sessionId'>;

/**
 * Queue a prompt: turns are worked on one at a time, in the order of acceptance. The same `runId` again changes nothing.
 * Fails with `Busy` when the queue is full.
 */
export const promptSessionUpdate = defineUpdate<QueuePlace, [QueuedRun]>('promptSession');
export interface QueuePlace {
  runId: string;
  /** How many are before it. */
  ahead: number;
}

/** Cancel the turn that is worked on now, and keep the queue. `runId` is `null` when there is none. */
export const interruptSessionUpdate = defineUpdate<{ runId: string | null }, []>('interruptSession');

export const sessionQueueQuery = defineQuery<{ working: string | null; waiting: string[] }>('sessionQueue');
