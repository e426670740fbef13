/** Which agents there are, by the names that people give them. */
import type { AgentId } from '../../workflows/contract/run.schema.ts';

export type ModelApi = 'anthropic' | 'openai' | 'google';

export interface KnownAgent {
  id: AgentId;
  names: readonly string[];
  /** Which model API it speaks; `null` needs no credential. */
  model: ModelApi | null;
}

const agents: readonly KnownAgent[] = [
  { id: 'claude', names: ['claude', 'claude-code', 'ClaudeAgentSDK'], model: 'anthropic' },
  { id: 'codex', names: ['codex', 'CodexSDK', 'cursor'], model: 'openai' },
  { id: 'acp', names: ['acp', 'agent-client-protocol'], model: null },
  { id: 'command', names: ['command'], model: null },
];

/** The agent that is meant, whatever the case, spaces, `-` and `_` of its name; `undefined` when there is none. */
export function findAgent(name: string): KnownAgent | undefined {
  const wanted = plain(name);
  return agents.find(({ names }) => names.some((known) => plain(known) === wanted));
}

/** The agents' own names. */
export const agentList = agents.map(({ id }) => id).join(', ');

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
