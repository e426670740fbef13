/** Long activities tell Temporal that they live, and learn on the same way that they are cancelled. */
import { Context } from '@temporalio/activity';

/** A quarter of the heartbeat time-out in `workflows/workspace/activities.ts`. */
const heartbeatMs = 5_000;

/**
 * Runs the work with a heartbeat beside it; `signal` aborts when the workflow cancels the activity, which it learns with one of the
 * next beats.
 */
export async function whileHeartbeating<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  everyMs = heartbeatMs,
): Promise<Result> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), everyMs);
  try {
    return await work(context.cancellationSignal);
  } finally {
    clearInterval(timer);
  }
}
