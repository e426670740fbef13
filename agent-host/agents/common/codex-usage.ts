/** What a conversation with Codex had used before this turn. */
import { createReadStream } from 'node:fs';
import { glob } from 'node:fs/promises';
import path from 'node:path';
import { linesOf } from '../../lines-of.ts';
import { noUsage } from '../agent.ts';
import type { AgentTurn, Usage } from '../agent.ts';

interface TokenCount {
  payload?: {
    type?: string;
    info?: { total_token_usage?: { input_tokens: number; output_tokens: number } } | null;
  };
}

/** The last count that Codex wrote into the file of the conversation; nothing for a new one. */
export async function usageSoFar({ home, resume }: AgentTurn): Promise<Usage> {
  let usage = noUsage;
  if (resume === null) return usage;
  for await (const file of glob(`codex/sessions/**/*${resume}.jsonl`, { cwd: home })) {
    for await (const line of linesOf(createReadStream(path.join(home, file)))) {
      usage = countIn(line) ?? usage;
    }
  }
  return usage;
}

function countIn(line: string): Usage | undefined {
  if (!line.includes('"token_count"')) return undefined;
  const total = (JSON.parse(line) as TokenCount).payload?.info?.total_token_usage;
  return total && { inputTokens: total.input_tokens, outputTokens: total.output_tokens, costUsd: null };
}
