import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync } from 'node:fs';
import path from 'node:path';

/**
 * Starts a program that outlives us and writes to this file, whose folder need not be there yet. Resolves once it runs; rejects
 * when there is no such program.
 */
export async function startDetached(program: string, logFile: string): Promise<void> {
  mkdirSync(path.dirname(logFile), { recursive: true, mode: 0o700 });
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(program, [], { detached: true, stdio: ['ignore', log, log] });
  await once(child, 'spawn');
  child.unref();
}
