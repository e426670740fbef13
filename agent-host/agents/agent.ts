/** What every agent is: a program that takes a prompt and works in a directory until it has an outcome. */
import type { AgentOptions, ContentBlock } from '../job.ts';

export type ModelApi = 'anthropic' | 'openai' | 'google';

export interface Agent {
  readonly id: AgentId;
  /** Names by which requests ask for it, compared without case, spaces, `-` and `_`. */
  readonly names: readonly string[];
  /** Which model API it speaks; `null` may be any, or none. */
  readonly model: ModelApi | null;
  /** What a request may bound that it keeps to: how often its model answers, and that it uses no tool that is not permitted. */
  readonly bounds: readonly ('turns' | 'permissions')[];
  /** The package that brings it, and tells its version; `null` when the request names the program. */
  readonly package: string | null;
  /** Where below `home` its conversations lie, as glob patterns. Never a file with a credential. */
  readonly sessionFiles: readonly string[];
  /** Whether the conversation can be gone on with from what lies below `home`. */
  hasSession(home: string, providerSessionId: string): Promise<boolean>;
  /** Loads its SDK, ahead of `run`. */
  load?(): Promise<unknown>;
  /** Works on one turn. Its SDK is imported in here, so that others can read the facts above without having it. */
  run(turn: AgentTurn): Promise<AgentOutcome>;
}

export type AgentId = 'claude' | 'codex' | 'gemini' | 'opencode' | 'acp' | 'command';

export interface AgentTurn {
  prompt: ContentBlock[];
  cwd: string;
  /** HOME of the agent; what it must remember between turns lies below. */
  home: string;
  /** The provider's session to go on with. */
  resume: string | null;
  options: AgentOptions;
  gateway: { url: string; token: string };
  /** Tells a message of the provider. Resolves when there is room for the next. */
  emit(message: unknown): Promise<void>;
  log(stream: 'stdout' | 'stderr', text: string): Promise<void>;
  /** Tells the id under which the provider remembers this conversation, as soon as it is known. */
  remember(providerSessionId: string): Promise<void>;
  /** Tells that a tool has answered: what the conversation says is true of the files now. */
  settled(): Promise<void>;
  signal: AbortSignal;
}

export interface Usage {
  inputTokens: number;
  outputTokens: number;
  /** `null` when the agent does not know prices. */
  costUsd: number | null;
}

export interface AgentOutcome {
  outcome: 'completed' | 'failed' | 'aborted' | 'refused' | 'limit';
  /** Why it is not `completed`, in words for the user. */
  reason: string | null;
  providerSessionId: string | null;
  /** The agent's last words. */
  text: string | null;
  usage: Usage;
}

/** What an agent has used before its first model call. */
export const noUsage: Usage = { inputTokens: 0, outputTokens: 0, costUsd: null };
