/** What the host and the process of an agent say to each other: one request, then lines until the outcome. */
import type { AgentOutcome } from '../agents/agent.ts';
import type { AgentOptions, ContentBlock } from '../job.ts';

export interface TurnRequest {
  prompt: ContentBlock[];
  cwd: string;
  home: string;
  resume: string | null;
  options: AgentOptions;
  gateway: { url: string; token: string };
}

export type TurnLine =
  | { kind: 'message'; message: unknown }
  | { kind: 'log'; stream: 'stdout' | 'stderr'; text: string }
  | { kind: 'session'; id: string }
  | { kind: 'settled' }
  | { kind: 'outcome'; outcome: AgentOutcome };

/** The file descriptor on which the process of an agent tells its lines; standard output is the SDKs' to print on. */
export const linesFd = 3;
