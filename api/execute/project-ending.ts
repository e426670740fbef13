/** The last word of a run. */
import type { RunEvents } from '../../workflows/contract/run-events.ts';
import { errorCodeOf } from './error-codes.ts';
import type { ExecuteEventBody } from './execute-event.ts';
import type { RunFacts } from './project-events.ts';

export const endingProjections = {
  'run.completed': ({ durationMs }: RunEvents['run.completed'], { sessionId }: RunFacts): ExecuteEventBody[] => [
    { type: 'completed', sessionId, duration_ms: durationMs },
  ],
  'run.failed': ({ code, message }: RunEvents['run.failed']): ExecuteEventBody[] => [
    { type: 'error', error: message, code: errorCodeOf(code) },
  ],
  'run.cancelled': ({ reason }: RunEvents['run.cancelled']): ExecuteEventBody[] => [
    { type: 'error', error: `The run was cancelled (${reason}).`, code: 'cancelled' },
  ],
};
