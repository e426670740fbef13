/** Telling the outside what happens: the event log, the lists, the Temporal Web UI. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { RunEvent } from '../contract/run-events.ts';
import { runStream, type RunStatus } from '../contract/run.ts';
import { phaseAttribute } from '../contract/search-attributes.ts';
import { sessionStream, type SessionEvent } from '../contract/session-events.ts';
import { recordEvents } from './activities.ts';
import { isoTime, type Run } from './run.ts';

/** Appends to the run's stream, beside what its agent tells. Only the main line calls this; a repeated append changes nothing. */
export async function record(run: Run, ...events: RunEvent[]): Promise<void> {
  const keyed = events.map((event, index) => ({ ...event, key: `run:${run.recordedEvents + index + 1}` }));
  run.recordedEvents += events.length;
  await recordEvents(runStream(run.input.runId), keyed);
}

/** Tells the session's stream that the run has its turn. Runs of a session get theirs one after another, so the order is right. */
export async function recordTurn({ input }: Run): Promise<void> {
  const { runId, owner, agent, options, repository, modelCredential, publish, limits, createdAt } = input;
  const data = { runId, owner, agent, options, repository, modelCredential, publish, limits, createdAt };
  const event: SessionEvent = { type: 'turn.begun', data };
  await recordEvents(sessionStream(input.sessionId), [{ ...event, key: runId }]);
}

export function setStatus(run: Run, status: RunStatus): void {
  if (run.status === status) return;
  run.status = status;
  upsertSearchAttributes([{ key: phaseAttribute, value: status }]);
}

/** Says what is being done, what that waits for and when it is given up. Costs no history. */
export function setStep(run: Run, step: string, what: string | null = null, until: number | null = null): void {
  run.step = step;
  run.waitingFor = what === null ? null : { what, until };
  setCurrentDetails(detailsOf(run));
}

function detailsOf({ status, input, step, place, waitingFor, failure }: Run): string {
  const until = waitingFor?.until ? ` until ${isoTime(waitingFor.until)}` : '';
  const lines = [
    `**${status}** ${input.agent}, session ${input.sessionId}${place ? `, on ${place.hostId}` : ''}`,
    `Step: ${step}.`,
    waitingFor && `Waiting for ${waitingFor.what}${until}.`,
    failure && `${failure.code}: ${failure.message}`,
  ];
  return lines.filter((line) => line !== null).join('\n\n');
}
