/** The list of agents. A new one is a file and a line here. */
import { acp } from './acp.ts';
import type { Agent } from './agent.ts';
import { claude } from './claude.ts';
import { codex } from './codex.ts';
import { command } from './command.ts';
import { gemini } from './gemini.ts';
import { opencode } from './opencode.ts';

export const agents: readonly Agent[] = [claude, codex, gemini, opencode, acp, command];

/** The agent that people mean by this name, whatever its case, spaces, `-` and `_`. */
export function findAgent(name: string): Agent | undefined {
  const wanted = plain(name);
  return agents.find((agent) => agent.names.some((known) => plain(known) === wanted));
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}
