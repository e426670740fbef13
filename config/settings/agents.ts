/** What agents there are. */
import { z } from 'zod';

/** Agents whose programs can be installed; `acp` is what a program of one's own needs that speaks that protocol. */
const AgentPackages = z.enum(['claude', 'codex', 'gemini', 'opencode', 'acp']);

export const agentSettings = z.object({
  AGENTS: z
    .string()
    .default('claude,codex')
    .transform((text) => text.split(',').map((name) => name.trim().toLowerCase()))
    .pipe(z.array(AgentPackages))
    .describe(
      "Agents whose programs the agents' image holds, comma-separated: claude, codex, gemini, opencode, acp. Each adds some hundred megabytes.",
    ),
});
