/** What a turn over the Agent Client Protocol has told so far. */
import { setTimeout as sleep } from 'node:timers/promises';
import { noUsage } from '../agent.ts';
import type { AgentOutcome, AgentTurn, Usage } from '../agent.ts';
import type { PermissionChoice } from './permission.ts';

interface SessionUpdate {
  sessionUpdate: string;
  content?: { type: string; text?: string };
  status?: string | null;
}

export interface AcpCourse {
  /** Takes an update of the session; they are told in the order in which they came. */
  update(params: unknown): void;
  /** Takes a request for a permission, which may be all that is told of a tool call, and what it is answered. */
  permit(params: unknown, choice: PermissionChoice): PermissionChoice['answer'];
  /** Does something that repeats earlier updates, which are not told again. Resolves when no more of them come. */
  replaying(work: () => Promise<unknown>): Promise<void>;
  begin(sessionId: string): Promise<void>;
  /** Resolves when everything so far has been told. */
  told(): Promise<void>;
  readonly denied: string[];
  facts(usage?: Usage): Pick<AgentOutcome, 'providerSessionId' | 'text' | 'usage'>;
}

/** After a silence of this length nothing more is repeated. */
const quietMs = 300;

/** The course of one turn, with nothing told yet. */
export function createAcpCourse(turn: AgentTurn): AcpCourse {
  let last: Promise<unknown> = Promise.resolve();
  let providerSessionId = turn.resume;
  let text = '';
  let isReplay = false;
  let lastUpdateAt = 0;
  const denied: string[] = [];

  return {
    denied,
    update(params) {
      lastUpdateAt = performance.now();
      if (isReplay) return;
      const { update } = params as { update: SessionUpdate };
      if (update.sessionUpdate === 'agent_message_chunk') text += update.content?.text ?? '';
      if (update.sessionUpdate === 'tool_call') text = '';
      last = last.then(async () => {
        await turn.emit(params);
        if (update.status === 'completed' || update.status === 'failed') await turn.settled();
      });
    },
    permit(params, choice) {
      last = last.then(() => turn.emit(params));
      if (choice.denied !== null) denied.push(choice.denied);
      return choice.answer;
    },
    async replaying(work) {
      isReplay = true;
      await work();
      // Not every program has repeated everything when it answers that it has.
      lastUpdateAt = performance.now();
      while (performance.now() - lastUpdateAt < quietMs) await sleep(quietMs / 4);
      isReplay = false;
    },
    async begin(sessionId) {
      providerSessionId = sessionId;
      await turn.remember(sessionId);
    },
    async told() {
      await last;
    },
    facts: (usage = noUsage) => ({ providerSessionId, text: text || null, usage }),
  };
}
