import { lock } from 'proper-lockfile';
import { SetupError } from '../progress.ts';
import { isRunning } from './process-identity.ts';
import type { RunRecords } from './run-records.ts';

const supervisor = 'supervisor';

/**
 * Makes this process the one supervisor of the home, at once also when the last one was killed. Rejects with
 * `SetupError` while another one lives. The result gives the claim back.
 */
export async function claimHome(records: RunRecords): Promise<() => void> {
  // The lock only guards the look and the write against a second start at the same moment.
  const release = await lock(records.folder, { retries: { retries: 150, factor: 1, minTimeout: 100 } });
  try {
    refuseSecond(records);
    records.write(supervisor, process.pid);
  } finally {
    await release();
  }
  return () => records.remove(supervisor);
}

/** The recorded processes that a killed supervisor left behind. */
export function leftBehind(records: RunRecords): string[] {
  return records.names().filter((name) => name !== supervisor);
}

function refuseSecond(records: RunRecords): void {
  const other = records.read(supervisor);
  if (!other || other.pid === process.pid || !isRunning(other)) return;
  throw new SetupError(
    `Pawl is already running here (pid ${other.pid}). Stop it first, or choose another home with PAWL_HOME.`,
  );
}
