import type { SessionInput } from '../contract/session.ts';

export interface Session {
  readonly input: SessionInput;
  /** Turns that wait, in order. */
  queue: Turn[];
  /** The run whose turn it is. */
  working: string | null;
  isClosing: boolean;
}

export interface Turn {
  runId: string;
  /** Resolves when the run has ended, however; `null` for one that an earlier execution of the session has started. */
  ended: Promise<void> | null;
}

/** What a session knows of itself; what it was before it continued as new, if it did. */
export function openSession(input: SessionInput): Session {
  const { waiting, isClosing } = input.carriedOver ?? { waiting: [], isClosing: false };
  return { input, queue: waiting.map((runId) => ({ runId, ended: null })), working: null, isClosing };
}
