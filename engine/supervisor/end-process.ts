import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const pollMs = 25;

/** Ends exactly this process: SIGTERM, then SIGKILL once `drainMs` have passed. Resolves when it is gone. */
export async function endProcess(identity: ProcessIdentity, drainMs: number): Promise<void> {
  signal(identity, 'SIGTERM');
  const deadline = Date.now() + drainMs;
  while (isRunning(identity)) {
    if (Date.now() > deadline) signal(identity, 'SIGKILL');
    await delay(pollMs);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    // It ended between the look and the signal.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
