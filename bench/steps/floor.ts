/** L0: what the disk allows. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../test/support/temporary-folder.ts';

const line = `${'x'.repeat(199)}\n`;

/** Steps a second of a plain loop that writes 200 bytes and waits for the disk, over and over. */
export async function measureFloor(steps: number): Promise<number> {
  await using folder = await temporaryFolder();
  const file = openSync(path.join(folder.path, 'log'), 'a');
  const startedAt = performance.now();
  for (let step = 0; step < steps; step++) {
    writeSync(file, line);
    fsyncSync(file);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  closeSync(file);
  return steps / seconds;
}
