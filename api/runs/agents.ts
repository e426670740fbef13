/** Which agents there are, by the names that people give them. */
import type { AgentId } from '../../workflows/contract/run.schema.ts';
import { Problem, type ProblemCode } from '../problems.ts';

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

/** The agent that is meant, whatever the case, spaces, `-` and `_` of its name. Fails with the given code. */
export function agentCalled(name: string, field: string, code: ProblemCode): KnownAgent {
  const wanted = plain(name);
  const found = agents.find(({ names }) => names.some((known) => plain(known) === wanted));
  if (found) return found;
  const known = agents.map(({ id }) => id).join(', ');
  const message = `There is no agent of this name; there are ${known}.`;
  throw new Problem(code, message, { details: [{ field, message }], extensions: { field } });
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_-]/g, '');
}
