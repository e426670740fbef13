/** Claude Code, through the Claude Agent SDK. */
import path from 'node:path';
import type { Message, Options, ResultMessage, UserMessage } from '@anthropic-ai/claude-agent-sdk';
import type { ContentBlock } from '../job.ts';
import { noUsage } from './agent.ts';
import type { Agent, AgentOutcome, AgentTurn } from './agent.ts';
import { agentEnvironment } from './common/environment.ts';
import { repositoryInstructions } from './common/instructions.ts';
import { failure, ending } from './common/outcomes.ts';
import { anyFile } from './common/session-files.ts';

/** Claude Code, working in `cwd` with every tool allowed: the container is the fence. */
export const claude: Agent = {
  id: 'claude',
  names: ['claude', 'claude-code', 'ClaudeAgentSDK'],
  model: 'anthropic',
  bounds: ['turns', 'permissions'],
  package: '@anthropic-ai/claude-agent-sdk',
  sessionFiles: ['claude/projects/**/*.jsonl'],
  hasSession: (home, id) => anyFile(home, `claude/projects/*/${id}.jsonl`),
  load: () => import('@anthropic-ai/claude-agent-sdk'),
  run,
};

async function run(turn: AgentTurn): Promise<AgentOutcome> {
  const { query } = await import('@anthropic-ai/claude-agent-sdk');
  let result: ResultMessage | undefined;
  let providerSessionId = turn.resume;
  try {
    for await (const message of query({ prompt: promptOf(turn.prompt), options: await optionsFor(turn) })) {
      await turn.emit(message);
      if (message.session_id && message.session_id !== providerSessionId) {
        providerSessionId = message.session_id;
        await turn.remember(providerSessionId);
      }
      if (message.type === 'result') result = message;
      if (isToolResult(message)) await turn.settled();
    }
  } catch (error) {
    // After a result that is an error the SDK throws as well; the result knows more.
    if (!result) return failure(turn, error, { providerSessionId });
  }
  if (!result) return ending('failed', 'Claude Code ended without a result', { providerSessionId });
  return outcomeOf(result, turn);
}

async function optionsFor(turn: AgentTurn): Promise<Options> {
  const { model, maxTurns, permissionMode = 'bypassPermissions' } = turn.options;
  const abortController = new AbortController();
  turn.signal.addEventListener('abort', () => abortController.abort());
  const append = await repositoryInstructions(turn.cwd, ['CLAUDE.md', 'AGENTS.md']);
  return {
    abortController,
    cwd: turn.cwd,
    env: await environment(turn),
    permissionMode,
    allowDangerouslySkipPermissions: permissionMode === 'bypassPermissions',
    // None at all: the repository's settings could start programs. Its instructions are handed over as words instead.
    settingSources: [],
    systemPrompt: { type: 'preset', preset: 'claude_code', ...(append && { append }) },
    stderr: (text) => void turn.log('stderr', text),
    ...(turn.resume && { resume: turn.resume }),
    ...(model && { model }),
    ...(maxTurns && { maxTurns }),
  };
}

async function environment(turn: AgentTurn): Promise<Record<string, string>> {
  const common = await agentEnvironment(turn);
  return {
    ...common,
    ANTHROPIC_BASE_URL: turn.gateway.url,
    ANTHROPIC_AUTH_TOKEN: turn.gateway.token,
    CLAUDE_CONFIG_DIR: path.join(turn.home, 'claude'),
    CLAUDE_CODE_TMPDIR: common['TMPDIR'] ?? '',
    // Without it the program looks for its makers' hosts, and asks the model for a title.
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  };
}

function promptOf(blocks: ContentBlock[]): string | AsyncIterable<UserMessage> {
  if (blocks.every((block) => block.type === 'text')) return blocks.map(({ text }) => text).join('\n\n');
  return onlyMessage(blocks);
}

async function* onlyMessage(content: ContentBlock[]): AsyncGenerator<UserMessage> {
  yield { type: 'user', message: { role: 'user', content }, parent_tool_use_id: null };
}

function isToolResult(message: Message): boolean {
  if (message.type !== 'user') return false;
  const { content } = message.message;
  return Array.isArray(content) && content.some((block: { type?: unknown }) => block.type === 'tool_result');
}

/** "Success" alone means little: it is also said of API errors, and of turns in which every tool was denied. */
function outcomeOf(result: ResultMessage, turn: AgentTurn): AgentOutcome {
  const facts = { providerSessionId: result.session_id, text: result.result ?? null, usage: usageOf(result, turn) };
  const words = result.result ?? result.errors?.join('; ') ?? result.subtype;
  if (turn.signal.aborted) return ending('aborted', 'stopped', facts);
  if (result.subtype === 'error_max_turns') return ending('limit', 'the limit on turns is reached', facts);
  if (result.stop_reason === 'refusal') return ending('refused', words, facts);
  if (result.subtype !== 'success' || result.is_error) return ending('failed', words, facts);
  if (result.permission_denials.length > 0) return ending('refused', denialWords(result), facts);
  return ending('completed', null, facts);
}

function denialWords({ permission_denials }: ResultMessage): string {
  const tools = new Set(permission_denials.map(({ tool_name }) => tool_name));
  return `not permitted: ${[...tools].join(', ')}`;
}

function usageOf({ usage, total_cost_usd }: ResultMessage, { resume }: AgentTurn): AgentOutcome['usage'] {
  const cached = (usage.cache_creation_input_tokens ?? 0) + (usage.cache_read_input_tokens ?? 0);
  return {
    inputTokens: usage.input_tokens + cached,
    outputTokens: usage.output_tokens,
    // Of a conversation that goes on, the cost holds all earlier turns as well.
    costUsd: resume === null ? total_cost_usd : noUsage.costUsd,
  };
}
