/** One conversation, turn by turn: messages and handlers first, then the story. */
import { allHandlersFinished, condition, continueAsNew, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  closeSessionUpdate,
  interruptSessionUpdate,
  promptSessionUpdate,
  sessionForgottenSignal,
  sessionQueueQuery,
  type SessionInput,
} from '../contract/session.ts';
import type { RunInput } from '../contract/run.ts';
import { checkRoom, placeOf } from './queue.ts';
import { openSession, type Session } from './state.ts';
import { cancelTurn, startTurn, takeTurn } from './turns.ts';

/** So long it stays for another prompt before it ends; the next one starts it anew. */
const lingerMs = 10_000;

/** Works on the prompts one at a time, in order. Runs as `sessionWorkflowId(id)`, and ends when nobody has prompts for it. */
export async function session(input: SessionInput): Promise<void> {
  const session = openSession(input);
  handleMessages(session);

  while (await hasNext(session)) {
    if (isHistoryFull(input)) return await carryOn(session);
    await takeTurn(session);
  }
}

function handleMessages(session: Session): void {
  setHandler(sessionQueueQuery, () => ({
    working: session.working,
    waiting: session.queue.map(({ runId }) => runId),
  }));
  setHandler(
    promptSessionUpdate,
    async (run) => {
      const { runId, createdAt } = run;
      const isNew = placeOf(session, runId) === undefined && (await startTurn(session, run));
      return { runId, ahead: placeOf(session, runId) ?? 0, createdAt: isNew ? createdAt : null };
    },
    {
      validator: (run: RunInput) => checkRoom(session, run.runId),
      description: 'queue a prompt',
    },
  );
  setHandler(
    interruptSessionUpdate,
    async () => {
      const runId = session.working;
      if (runId !== null) await cancelTurn(runId, 'interrupted');
      return { runId };
    },
    { description: 'cancel the turn that is worked on' },
  );
  setHandler(
    closeSessionUpdate,
    async () => {
      session.isClosing = true;
      const all = [session.working, ...session.queue.map(({ runId }) => runId)];
      for (const runId of all) if (runId !== null) await cancelTurn(runId, 'session closed');
    },
    { description: 'cancel every turn, and take no more' },
  );
  setHandler(sessionForgottenSignal, () => void (session.isClosing = false));
}

/** A prompt that arrives while the session decides to end is answered first, and then worked on. */
async function hasNext(session: Session): Promise<boolean> {
  const isPrompted = await condition(() => session.queue.length > 0, lingerMs, { summary: 'wait for another prompt' });
  await condition(() => allHandlersFinished());
  return isPrompted || session.queue.length > 0;
}

/** Between two turns: every run that waits exists already, so its id is all that has to be carried. */
async function carryOn({ input, queue, isClosing }: Session): Promise<never> {
  const waiting = queue.map(({ runId }) => runId);
  return await continueAsNew<typeof session>({ ...input, carriedOver: { waiting, isClosing } });
}

/** The server suggests it; the limit of our own makes it testable and keeps replays short. */
function isHistoryFull({ maxHistoryEvents }: SessionInput): boolean {
  const { continueAsNewSuggested, historyLength } = workflowInfo();
  return continueAsNewSuggested || historyLength >= maxHistoryEvents;
}
