/** The end of an agent's work in the light of what its gateway counted: that is believed, and the agent may not know it. */
import { z } from 'zod';
import { budgetNames, wordsOfSpent } from '../gateway/models/budget.ts';
import type { Store } from '../store/store.ts';
import type { AgentEnding } from '../workflows/contract/run-events.ts';
import { runStream } from '../workflows/contract/run.ts';

type Counts = Pick<Store, 'events' | 'modelCalls'>;

const Spent = z.object({ budget: z.enum(budgetNames), limit: z.number() });

/** The ending as it was told, but for what the gateway knows better. */
export async function countedEnding(store: Counts, runId: string, told: AgentEnding): Promise<AgentEnding> {
  return await withinBudget(store, runId, await withCountedUsage(store, runId, told));
}

/** What the agent itself says that it used counts only where no call went through the gateway. */
async function withCountedUsage({ modelCalls }: Counts, runId: string, ending: AgentEnding): Promise<AgentEnding> {
  const { calls, tokens, costMicros, unpricedCalls } = await modelCalls.totals(runId);
  if (calls === 0) return ending;
  const inputTokens = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const costUsd = unpricedCalls > 0 ? null : costMicros / 1_000_000;
  return { ...ending, usage: { inputTokens, outputTokens: tokens.output, costUsd } };
}

/** An agent whose call was refused for want of budget ends as each does: failed, refused, or as if nothing had been. */
async function withinBudget({ events }: Counts, runId: string, ending: AgentEnding): Promise<AgentEnding> {
  // Who was stopped, or came to another limit, ended for that.
  if (ending.outcome === 'aborted' || ending.outcome === 'limit') return ending;
  const told = await events.last(runStream(runId), 'budget.spent');
  return told ? { ...ending, outcome: 'limit', reason: wordsOfSpent(Spent.parse(told.data)) } : ending;
}
