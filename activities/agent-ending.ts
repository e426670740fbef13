/** The end of an agent's work, as its host told it. It comes out of a container that ran foreign code: nothing is believed. */
import { z } from 'zod';
import { runFileName } from '../store/run-blobs.ts';
import type { EventLog } from '../store/store.ts';
import { agentOutcomes, type AgentEnding } from '../workflows/contract/run-events.ts';
import { runStream } from '../workflows/contract/run.ts';

const longestText = 20_000;
const longestReason = 1_000;

const Count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).catch(0);

/** What does not hold to it fails the run, rather than the one who reads it. */
const Ending = z.object({
  outcome: z.enum(agentOutcomes),
  reason: z.string().transform(cut(longestReason)).nullable().catch(null),
  providerSessionId: z.string().max(200).nullable().catch(null),
  text: z.string().transform(cut(longestText)).nullable().catch(null),
  usage: z
    .object({ inputTokens: Count, outputTokens: Count, costUsd: z.number().min(0).max(1e6).nullable().catch(null) })
    .catch({ inputTokens: 0, outputTokens: 0, costUsd: null }),
  files: z.array(z.string().regex(runFileName)).max(20).catch([]),
  leftOut: z
    .array(z.object({ path: z.string().transform(cut(500)), reason: z.string().transform(cut(300)) }))
    .max(101)
    .catch([]),
});

const nonsense: AgentEnding = {
  ...{ outcome: 'failed', reason: 'The agent’s host told its end in words that make no sense.' },
  ...{ providerSessionId: null, text: null, files: [], leftOut: [] },
  usage: { inputTokens: 0, outputTokens: 0, costUsd: null },
};

/** What the run's stream says about the end; `undefined` while it says nothing. */
export async function readEnding(events: EventLog, runId: string): Promise<AgentEnding | undefined> {
  const told = await events.last(runStream(runId), 'agent.ended');
  return told && (Ending.safeParse(told.data).data ?? nonsense);
}

function cut(length: number): (text: string) => string {
  return (text) => text.slice(0, length);
}
