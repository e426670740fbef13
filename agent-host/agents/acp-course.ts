/** What a turn over the Agent Client Protocol has told so far. */
import { noUsage } from './agent.ts';
import type { AgentOutcome, AgentTurn } from './agent.ts';
import type { PermissionChoice } from './acp-permission.ts';

interface SessionUpdate {
  sessionUpdate: string;
  content?: { type: string; text?: string };
  status?: string | null;
}

export interface AcpCourse {
  /** Takes an update of the session; they are told in the order in which they came. */
  update(params: unknown): void;
  permit(choice: PermissionChoice): PermissionChoice['answer'];
  /** Does something while updates are repetitions, which are not told again. */
  during(phase: 'replay', work: () => Promise<unknown>): Promise<void>;
  begin(sessionId: string): Promise<void>;
  /** Resolves when everything so far has been told. */
  told(): Promise<void>;
  readonly denied: string[];
  facts(usage?: { inputTokens?: number; outputTokens?: number }): Pick<AgentOutcome, 'providerSessionId' | 'text' | 'usage'>;
}

/** The course of one turn, with nothing told yet. */
export function createAcpCourse(turn: AgentTurn): AcpCourse {
  let last: Promise<unknown> = Promise.resolve();
  let providerSessionId = turn.resume;
  let text = '';
  let isReplay = false;
  const denied: string[] = [];

  return {
    denied,
    update(params) {
      if (isReplay) return;
      const { update } = params as { update: SessionUpdate };
      if (update.sessionUpdate === 'agent_message_chunk') text += update.content?.text ?? '';
      if (update.sessionUpdate === 'tool_call') text = '';
      last = last.then(async () => {
        await turn.emit(params);
        if (update.status === 'completed' || update.status === 'failed') await turn.settled();
      });
    },
    permit(choice) {
      if (choice.denied !== null) denied.push(choice.denied);
      return choice.answer;
    },
    async during(_phase, work) {
      isReplay = true;
      await work();
      isReplay = false;
    },
    async begin(sessionId) {
      providerSessionId = sessionId;
      await turn.remember(sessionId);
    },
    async told() {
      await last;
    },
    facts(usage) {
      const { inputTokens = 0, outputTokens = 0 } = usage ?? {};
      return { providerSessionId, text: text || null, usage: { ...noUsage, inputTokens, outputTokens } };
    },
  };
}
