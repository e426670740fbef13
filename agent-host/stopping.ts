/** Why an agent is stopped, if it is. The first reason counts. */
import type { AgentOutcome } from './agents/agent.ts';

export interface Stopping {
  signal: AbortSignal;
  readonly stop: (outcome: 'aborted' | 'limit', reason: string) => void;
  /** What the outcome of a turn is in truth: a stopped agent does not know why. */
  outcomeOf(told: AgentOutcome): AgentOutcome;
}

/** Stops when the run is cancelled, or when it is told to. */
export function createStopping(cancelled: AbortSignal): Stopping {
  const controller = new AbortController();
  let why: Pick<AgentOutcome, 'outcome' | 'reason'> | undefined;

  function stop(outcome: 'aborted' | 'limit', reason: string): void {
    why ??= { outcome, reason };
    controller.abort();
  }

  cancelled.addEventListener('abort', () => stop('aborted', 'cancelled'));
  if (cancelled.aborted) stop('aborted', 'cancelled');
  return {
    signal: controller.signal,
    stop,
    // An agent that had completed its work before it heard of the end has completed it.
    outcomeOf: (told) => (why && told.outcome !== 'completed' ? { ...told, ...why } : told),
  };
}
