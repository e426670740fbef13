/** Who is before whom, and who may still come. */
import { failure } from '../run/failure.ts';
import type { Session } from './state.ts';

/** How many turns are before this run's; `undefined` for one that is not known. */
export function placeOf({ working, queue }: Session, runId: string): number | undefined {
  if (working === runId) return 0;
  const index = queue.findIndex((turn) => turn.runId === runId);
  if (index === -1) return undefined;
  return working === null ? index : index + 1;
}

/** Fails with `Busy` when no more may wait, unless the run is known already. Synchronous: validators are not awaited. */
export function checkRoom(session: Session, runId: string): void {
  if (session.isClosing) throw failure('InvalidState', 'This session is being closed.');
  const { queueLimit } = session.input;
  if (placeOf(session, runId) !== undefined || session.queue.length < queueLimit) return;
  throw failure('Busy', `This session has ${queueLimit} prompts waiting already.`);
}
