/**
 * What Pawl uses of the agents' SDKs. The SDKs themselves are in the agents' image only: each brings a program of some
 * hundred megabytes along.
 */
declare module '@anthropic-ai/claude-agent-sdk' {
  export interface ResultMessage {
    type: 'result';
    subtype: string;
    is_error: boolean;
    stop_reason: string | null;
    result?: string;
    errors?: string[];
    total_cost_usd: number;
    usage: {
      input_tokens: number;
      output_tokens: number;
      cache_creation_input_tokens?: number | null;
      cache_read_input_tokens?: number | null;
    };
    permission_denials: { tool_name: string }[];
    session_id: string;
  }
  export interface UserMessage {
    type: 'user';
    message: { role: 'user'; content: unknown };
    parent_tool_use_id: string | null;
    session_id?: string;
  }
  /** Of the many kinds only these matter here; all others are handed on as they are. */
  export type Message = ResultMessage | UserMessage | { type: 'system' | 'assistant'; session_id?: string };
  export interface Options {
    abortController: AbortController;
    cwd: string;
    env: Record<string, string>;
    permissionMode: string;
    allowDangerouslySkipPermissions: boolean;
    settingSources: never[];
    systemPrompt: { type: 'preset'; preset: 'claude_code'; append?: string };
    stderr: (text: string) => void;
    resume?: string;
    model?: string;
    maxTurns?: number;
  }
  export function query(turn: {
    prompt: string | AsyncIterable<UserMessage>;
    options: Options;
  }): AsyncIterable<Message>;
}

declare module '@openai/codex-sdk' {
  export type ThreadEvent =
    | { type: 'thread.started'; thread_id: string }
    | { type: 'item.completed'; item: { type: string; text?: string } }
    | { type: 'turn.completed'; usage: { input_tokens: number; output_tokens: number } }
    | { type: 'turn.failed'; error: { message: string } }
    | { type: 'error'; message: string }
    | { type: 'turn.started' | 'item.started' | 'item.updated' };
  export interface ThreadOptions {
    model: string;
    workingDirectory: string;
    sandboxMode: 'danger-full-access';
    approvalPolicy: 'never';
    skipGitRepoCheck: true;
  }
  export interface Thread {
    runStreamed(
      input: ({ type: 'text'; text: string } | { type: 'local_image'; path: string })[],
      options: { signal: AbortSignal },
    ): Promise<{ events: AsyncIterable<ThreadEvent> }>;
  }
  export class Codex {
    constructor(options: {
      apiKey: string;
      baseUrl: string;
      env: Record<string, string>;
      config: Record<string, unknown>;
      configOverrides: string[];
    });
    startThread(options: ThreadOptions): Thread;
    resumeThread(id: string, options: ThreadOptions): Thread;
  }
}

declare module '@agentclientprotocol/sdk' {
  import type { ReadableStream, WritableStream } from 'node:stream/web';

  export interface AgentCapabilities {
    loadSession?: boolean;
    promptCapabilities?: { image?: boolean };
  }
  export interface ClientContext {
    request<Answer>(method: string, params: unknown): Promise<Answer>;
    notify(method: string, params: unknown): Promise<void>;
  }
  interface ClientApp {
    onRequest(method: '*', handler: (context: Received) => unknown): this;
    onRequest<Params>(
      method: string,
      parse: (params: unknown) => Params,
      handler: (context: Received<Params>) => unknown,
    ): this;
    connectWith<Result>(stream: MessageStream, work: (agent: ClientContext) => Promise<Result>): Promise<Result>;
  }
  /** As they come over the line. */
  export interface Message {
    method?: string;
    params?: unknown;
  }
  export interface MessageStream {
    readable: ReadableStream<Message>;
    writable: WritableStream<Message>;
  }
  interface Received<Params = unknown> {
    params: Params;
  }
  export function client(options: { name: string }): ClientApp;
  export function ndJsonStream(output: WritableStream<Uint8Array>, input: ReadableStream<Uint8Array>): MessageStream;
}
