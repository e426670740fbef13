/** Whole jobs of plain programs, done by an agent host that is a process of this machine. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Job } from '../../../agent-host/job.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { openTestDoor } from './door.ts';
import type { TestDoor } from './door.ts';
import { startAgentHost } from './host-process.ts';

/** Does the job and returns what came through the door; its files are gone. */
export async function play(job: Job) {
  await using folder = await temporaryFolder();
  return await playIn(folder.path, job);
}

/** Does the job below `folder`. `inputs` are files of this machine that the run gets, by their names there. */
export async function playIn(folder: string, job: Job, inputs: Record<string, string> = {}) {
  await using door = await openTestDoor(folder, { job, inputs });
  await using host = startAgentHost(door.folder, path.join(folder, 'work'));
  assert.equal(await host.exited, 0);
  return { door, end: door.end() };
}

/** The lines that the program printed. */
export function texts(door: TestDoor): unknown[] {
  return door.messages().map(({ text }) => text);
}

/** Fails when the numbers of the events have a gap, or an event came twice and differently. */
export function assertCounted(door: TestDoor): void {
  assert.deepEqual(
    door.events.map(({ seq }) => seq),
    door.events.map((_, index) => index + 1),
  );
  assert.deepEqual(door.conflicts, []);
}
