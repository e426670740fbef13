import { mkdir } from 'node:fs/promises';
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
  await mkdir(records.folder, { recursive: true, mode: 0o700 });
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

/** The pid of the supervisor that serves these records now, if any. */
export function runningSupervisor(records: RunRecords): number | undefined {
  const recorded = records.read(supervisor);
  return recorded && isRunning(recorded) ? recorded.pid : undefined;
}

function refuseSecond(records: RunRecords): void {
  const pid = runningSupervisor(records);
  if (pid === undefined || pid === process.pid) return;
  throw new SetupError(
    `Pawl is already running here (pid ${pid}). Stop it first, or choose another home with PAWL_HOME.`,
  );
}
