/**
 * Points at which a process can be held while a test kills something. A folder is all that the test and the processes share,
 * so a hold survives the death of whoever is held.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 10;

/** Holds one point of one holder (a workspace, or a process); the holder passes every other point. */
export function hold(folder: string, holder: string, point: string): void {
  mkdirSync(folder, { recursive: true });
  // Whole at once: a process reads it at any moment.
  writeFileSync(path.join(folder, `${holder}.draft`), point);
  renameSync(path.join(folder, `${holder}.draft`), holdFile(folder, holder));
}

/** Lets the holder pass every point from now on. */
export function release(folder: string, holder: string): void {
  hold(folder, holder, '');
}

/** Whether the holder has come to this point, and stands there unless it was released. */
export function hasArrived(folder: string, holder: string, point: string): boolean {
  return existsSync(arrivalFile(folder, holder, point));
}

/** Waits while the point is held. Nobody passes before the test has said something about the holder. */
export async function pass(folder: string, holder: string, point: string): Promise<void> {
  for (;;) {
    const held = heldPoint(folder, holder);
    if (held !== undefined && held !== point) return;
    if (held === point) noteArrival(folder, holder, point);
    await sleep(pollMs);
  }
}

/** Stops the whole process while the point is held, as code that is in the middle of a synchronous call needs it. */
export function passAtOnce(folder: string, holder: string, point: string): void {
  const never = new Int32Array(new SharedArrayBuffer(4));
  while (heldPoint(folder, holder) === point) {
    noteArrival(folder, holder, point);
    Atomics.wait(never, 0, 0, pollMs);
  }
}

function heldPoint(folder: string, holder: string): string | undefined {
  const file = holdFile(folder, holder);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function noteArrival(folder: string, holder: string, point: string): void {
  writeFileSync(arrivalFile(folder, holder, point), '');
}

function holdFile(folder: string, holder: string): string {
  return path.join(folder, `${holder}.hold`);
}

function arrivalFile(folder: string, holder: string, point: string): string {
  return path.join(folder, `${holder} ${point}.arrived`.replaceAll('/', '_'));
}
