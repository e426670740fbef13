/** Every agent of the list keeps the contract; and the list is complete. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import { agents, findAgent } from '../agent-host/agents/index.ts';
import { describeAgent } from './contracts/agent.ts';
import type { AgentUnderTest } from './contracts/agent.ts';
import { agentImage } from './support/agents/container.ts';
import { claudeUnderTest } from './support/agents/under-test/claude.ts';
import { codexUnderTest } from './support/agents/under-test/codex.ts';
import { commandUnderTest } from './support/agents/under-test/command.ts';
import { geminiUnderTest } from './support/agents/under-test/gemini.ts';
import { opencodeUnderTest } from './support/agents/under-test/opencode.ts';

/** How each agent is put to the test. */
const underTest: Record<string, AgentUnderTest> = {
  claude: claudeUnderTest,
  codex: codexUnderTest,
  gemini: geminiUnderTest,
  opencode: opencodeUnderTest,
  command: commandUnderTest,
};

before(() => agentImage());

describe('the list of agents', () => {
  it('has one line for each file', () => {
    const folder = readdirSync(path.join(import.meta.dirname, '../agent-host/agents'), { withFileTypes: true });
    const files = folder.filter((entry) => entry.isFile() && !['index.ts', 'agent.ts'].includes(entry.name));
    assert.deepEqual(files.map(({ name }) => name).toSorted(), agents.map(({ id }) => `${id}.ts`).toSorted());
  });

  it('has no agent that is not put to the test', () => {
    // What Gemini CLI and opencode are made of is put to the test by them.
    const others = agents.map(({ id }) => id).filter((id) => id !== 'acp');
    assert.deepEqual(others.toSorted(), Object.keys(underTest).toSorted());
  });

  it('knows the names that requests use, and no name twice', () => {
    const asked = ['ClaudeAgentSDK', 'claude-code', 'Claude', 'CodexSDK', 'codex', 'cursor', 'Gemini CLI', 'OpenCode'];
    assert.deepEqual(
      asked.map((name) => findAgent(name)?.id),
      ['claude', 'claude', 'claude', 'codex', 'codex', 'codex', 'gemini', 'opencode'],
    );
    assert.equal(findAgent('copilot'), undefined);
    const names = agents.flatMap((agent) => agent.names.map((name) => name.toLowerCase().replaceAll('-', '')));
    assert.equal(new Set(names).size, names.length);
  });
});

for (const [id, agent] of Object.entries(underTest)) describeAgent(id, agent);
