/** What is kept beside a run's execution, so that lists can be shown without asking a worker. */
import type { RunInput } from './run.ts';

/** What there is not is left out: the Temporal Web UI shows a null in a memo as the encrypted payload that it came as. */
export interface RunMemo extends Pick<RunInput, 'sessionId' | 'agent' | 'createdAt'> {
  prompt: string;
  repoUrl?: string;
}
