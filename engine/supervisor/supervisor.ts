/** Keeps the processes of an embedded installation running, in order. */
import { type Report, SetupError } from '../progress.ts';
import { claimHome, leftBehind } from './claim-home.ts';
import { endProcess } from './end-process.ts';
import type { ProcessDefinition } from './process-definition.ts';
import { isRunning } from './process-identity.ts';
import { openRunRecords, type RunRecords } from './run-records.ts';
import { SupervisedProcess } from './supervised-process.ts';

const leftoverDrainMs = 10_000;

export interface Supervisor {
  /** Starts this process after those before it; resolves once it is ready. On failure everything is stopped again. */
  start(definition: ProcessDefinition): Promise<void>;
  /** Ends everything gently, the last started first; resolves when nothing is left. May be called twice. */
  stop(): Promise<void>;
}

/**
 * Claims the home and ends what a killed predecessor left running. Rejects with `SetupError` when another supervisor
 * serves this home. `report` hears of restarts.
 */
export async function openSupervisor(home: string, report: Report): Promise<Supervisor> {
  const records = openRunRecords(home);
  const release = await claimHome(records);
  await endLeftovers(records, report);

  const processes: SupervisedProcess[] = [];
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= stopInReverse(processes).finally(release));
  return {
    stop,
    start: async (definition) => {
      if (stopped) throw new SetupError(`Not starting ${definition.name}: the supervisor is stopping.`);
      const supervised = new SupervisedProcess(definition, home, records, report);
      processes.push(supervised);
      try {
        await supervised.start();
      } catch (error) {
        await stop();
        throw error;
      }
    },
  };
}

async function stopInReverse(processes: readonly SupervisedProcess[]): Promise<void> {
  for (const supervised of processes.toReversed()) await supervised.stop();
}

/** Two of a kind on one database would be worse than a pause. */
async function endLeftovers(records: RunRecords, report: Report): Promise<void> {
  await Promise.all(
    leftBehind(records).map(async (name) => {
      const identity = records.read(name);
      if (identity && isRunning(identity)) {
        report(`ending ${name}, left over from a supervisor that was killed`);
        await endProcess(identity, leftoverDrainMs);
      }
      records.remove(name);
    }),
  );
}
