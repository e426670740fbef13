/** Machines of a cloud that is none come to life: they boot, report it as real ones do, and beat until they are gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { insist, sendReport } from '../../cloud-init/on-machine/control-plane.ts';
import { UserDataValues } from '../../cloud-init/values.ts';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';

const pollMs = 25;
const patienceMs = 120_000;

const UserData = z.object({ write_files: z.array(z.object({ path: z.string(), content: z.base64() })) });

export interface SimulatedMachine {
  providerId: string;
  userData: string;
}

/** Lives for every machine that is or comes into the list; the result ends it and resolves when all is quiet. */
export function simulateMachines(list: () => SimulatedMachine[]): () => Promise<void> {
  const end = new AbortController();
  const lives = new Map<string, Promise<void>>();
  const watching = (async () => {
    while (!end.signal.aborted) {
      for (const { providerId, userData } of list()) {
        const isThere = (): boolean => !end.signal.aborted && list().some((known) => known.providerId === providerId);
        if (!lives.has(providerId)) lives.set(providerId, live(valuesIn(userData), isThere));
      }
      await sleep(pollMs);
    }
  })();
  return async () => {
    end.abort();
    await watching;
    await Promise.all(lives.values());
  };
}

async function live(machine: UserDataValues, isThere: () => boolean): Promise<void> {
  const reports = bootSteps.flatMap((step) => (['started', 'done'] as const).map((status) => ({ step, status })));
  for (const [index, report] of reports.entries()) {
    if (!isThere()) return;
    await insist(machine, { route: 'boot', body: { seq: index + 1, ...report } }, patienceMs);
  }
  for (let seq = 1; isThere(); seq += 1) {
    await sendReport(machine, { route: 'heartbeat', body: { seq, idleSeconds: 0, keptAliveBy: [] } });
    await sleep(machine.heartbeatSeconds * 1000);
  }
}

function valuesIn(userData: string): UserDataValues {
  const { write_files: files } = UserData.parse(parse(userData));
  const settings = files.find(({ path }) => path.endsWith('machine.json'));
  return UserDataValues.parse(JSON.parse(Buffer.from(settings?.content ?? '', 'base64').toString()));
}
