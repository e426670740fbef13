/** Signal `terminal`: when somebody last typed. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Seconds since the last input into any terminal: a pty's access time moves when its shell reads a key. Output does not
 * count, because a forgotten `top` writes for ever.
 */
export async function terminalQuietSeconds(epochSeconds: number, folder = '/dev/pts'): Promise<number> {
  const inputs = readdirSync(folder)
    .filter((name) => /^\d+$/.test(name))
    .map((name) => lastInput(path.join(folder, name)));
  return epochSeconds - Math.max(0, ...inputs);
}

/** Seconds since the last input into one terminal, named as `ps` does (`pts/3`). */
export function quietSecondsOf(terminal: string, epochSeconds: number, devices = '/dev'): number {
  return epochSeconds - lastInput(path.join(devices, terminal));
}

function lastInput(device: string): number {
  return (statSync(device, { throwIfNoEntry: false })?.atimeMs ?? 0) / 1000;
}
