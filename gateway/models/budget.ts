import type { DoorPolicy } from '../../store/door-policy.ts';
import type { ModelTotals } from '../../store/gateway.ts';

/** Which limit is reached, and by how much. */
export interface SpentBudget {
  budget: 'tokens' | 'costMicros';
  limit: number;
  used: number;
}

export const budgetNames = ['tokens', 'costMicros'] as const;

/** Whether there is any limit to look at. */
export function hasBudget(budget: DoorPolicy['budget']): boolean {
  return budgetNames.some((name) => budget[name] !== null);
}

/**
 * The limit that a run has reached, if any. It is looked at before a call: the one that goes past it is finished, and paid.
 * What a provider read from its cache is not counted as tokens: it is the same text in call after call.
 */
export function spentBudget(
  budget: DoorPolicy['budget'],
  { tokens, costMicros }: ModelTotals,
): SpentBudget | undefined {
  const used = { tokens: tokens.input + tokens.cacheWrite + tokens.output, costMicros };
  const name = budgetNames.find((one) => used[one] >= (budget[one] ?? Infinity));
  return name && { budget: name, limit: budget[name] ?? Infinity, used: used[name] };
}

/** What the agent is told, and whoever asked for the run. */
export function wordsOfSpent({ budget, limit }: Pick<SpentBudget, 'budget' | 'limit'>): string {
  const what = budget === 'tokens' ? `${limit} tokens` : `${limit / 1e6} US dollars`;
  return `This run's budget of ${what} is spent.`;
}
