/** What each provider's API adds to a script. */
import type { Call } from './choose.ts';
import type { Step } from './script.ts';

export interface Answer {
  step: Step;
  call: Call;
  cwd: string;
  /** Different for each answer. */
  id: string;
}

export interface ModelApi {
  id: 'anthropic' | 'openai' | 'google';
  /** Whether a request to this path is a model call. */
  readonly isCall: (path: string) => boolean;
  read(body: unknown, path: string): Call;
  events(answer: Answer): Iterable<{ event?: string; data: object }>;
  /** The answer in one piece, for whoever wants no stream. */
  whole(answer: Answer): object;
  wantsStream(body: unknown, path: string): boolean;
  error(status: number): object;
}
