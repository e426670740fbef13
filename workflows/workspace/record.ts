/** Telling the outside what happens: the event log, the lists, the Temporal Web UI. */
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import type { WorkspaceEvent } from '../contract/events.ts';
import { phaseAttribute } from '../contract/search-attributes.ts';
import { workspaceStream, type WorkspaceStatus } from '../contract/workspace.ts';
import { recordEvents } from './activities.ts';
import { isoTime, type Workspace } from './workspace.ts';

/**
 * Appends the event, and what the handlers left in the outbox before it, to the workspace's stream.
 * Only the main line calls this; each event's key is its number, so a repeated append changes nothing.
 */
export async function record(workspace: Workspace, ...events: WorkspaceEvent[]): Promise<void> {
  workspace.outbox.push(...events);
  const batch = workspace.outbox.splice(0);
  if (batch.length === 0) return;
  const keyed = batch.map((event, index) => ({ ...event, key: `lifecycle:${workspace.recordedEvents + index + 1}` }));
  workspace.recordedEvents += batch.length;
  await recordEvents(workspaceStream(workspace.input.workspaceId), keyed);
}

export function setStatus(workspace: Workspace, status: WorkspaceStatus): void {
  workspace.status = status;
  upsertSearchAttributes([{ key: phaseAttribute, value: status }]);
  setWaitingFor(workspace, null);
}

/** Says what comes next and when it is given up, in the workspace's state and in the Web UI. Costs no history. */
export function setWaitingFor(workspace: Workspace, what: string | null, until: number | null = null): void {
  workspace.waitingFor = what === null ? null : { what, until };
  setCurrentDetails(detailsOf(workspace));
}

function detailsOf({ status, input, waitingFor, failure }: Workspace): string {
  const until = waitingFor?.until ? ` until ${isoTime(waitingFor.until)}` : '';
  const lines = [
    `**${status}** ${input.name}, ${input.size}, on ${input.provider}`,
    waitingFor && `Waiting for ${waitingFor.what}${until}.`,
    failure && `${failure.code}: ${failure.message}`,
  ];
  return lines.filter((line) => line !== null).join('\n\n');
}
