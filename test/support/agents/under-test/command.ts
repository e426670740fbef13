import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentUnderTest } from '../../../contracts/agent.ts';

const program = readFileSync(path.join(import.meta.dirname, 'smallest-agent.ts'), 'utf8');

/** What the contract suite needs to know of an agent that is any program. */
export const commandUnderTest: AgentUnderTest = {
  options: { command: ['node', '--input-type=module-typescript', '--eval', program] },
  kind: ({ type, name }) => (typeof name === 'string' ? `${String(type)}:${name}` : String(type)),
  writing: ['text', 'tool_use:write_file', 'tool_result', 'tool_use:bash', 'tool_result', 'text'],
  errors: { 401: /401 .*scripted 401/, 429: /429 .*scripted 429/, 500: /500 .*scripted 500/ },
  tellsUsage: false,
  knowsRefusals: false,
  traps: {},
};
