/** How agents say how a turn ended. */
import { noUsage } from '../agent.ts';
import type { AgentOutcome, AgentTurn } from '../agent.ts';

type Facts = Partial<Pick<AgentOutcome, 'providerSessionId' | 'text' | 'usage'>>;

/** An outcome with what is known beside it. */
export function ending(outcome: AgentOutcome['outcome'], reason: string | null, facts: Facts = {}): AgentOutcome {
  return { outcome, reason, providerSessionId: null, text: null, usage: noUsage, ...facts };
}

/** The outcome of a turn whose agent threw: it was stopped, or it failed with these words. */
export function failure({ signal }: AgentTurn, error: unknown, facts: Facts = {}): AgentOutcome {
  if (signal.aborted) return ending('aborted', 'stopped', facts);
  return ending('failed', error instanceof Error ? error.message : String(error), facts);
}
