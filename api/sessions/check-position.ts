import type { RunEvents } from '../../workflows/contract/run-events.ts';
import { runStream } from '../../workflows/contract/run.ts';
import type { Position } from '../execute/position.ts';
import { isOverAt } from '../events/follow-events.ts';
import { Problem } from '../problems.ts';
import { eventsOfRun } from '../runs/events.ts';
import type { Services } from '../services.ts';
import { isSessionBusy } from './is-busy.ts';
import { readTurns } from './turns.ts';

/** Fails with `invalid_cursor` unless the position is in a run of this session. */
export async function checkPosition({ store }: Services, sessionId: string, { runId }: Position): Promise<void> {
  const [first] = await store.events.read(runStream(runId), { after: 0, limit: 1 });
  const told = (first?.data as RunEvents['run.accepted'] | undefined)?.sessionId;
  if (told !== sessionId) throw new Problem('invalid_cursor', 'This is not the id of an event of this session.');
}

/** Whether nothing will come behind this position unless somebody prompts the session again. */
export async function isSessionOverAt(services: Services, sessionId: string, position: Position): Promise<boolean> {
  const last = (await readTurns(services, sessionId)).at(-1);
  if (last?.runId !== position.runId || position.part !== null) return false;
  const isOver = await isOverAt(services, eventsOfRun(position.runId), position.seq);
  return isOver && !(await isSessionBusy(services, sessionId));
}
