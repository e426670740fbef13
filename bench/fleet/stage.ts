/** One measurement of a fleet of one size. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { ownerToken } from '../../test/support/api.ts';
import { usageOf, type Usage } from '../support/usage.ts';
import { installedProcesses, type Installation, type InstalledProcess } from './installation.ts';
import { LoadResult, type LoadOrder } from './load-order.ts';
import type { LoadMachine } from './machine.ts';

export type Pace = Pick<LoadOrder, 'beatSeconds' | 'readsPerSecond' | 'warmUpSeconds' | 'windowSeconds'>;

type PerProcess = Record<InstalledProcess, number>;

export interface Stage {
  name: string;
  cores: PerProcess;
  rssGb: PerProcess;
  load: LoadResult;
}

/** Lets the machines beat and an owner look; counts what that costs while the window lasts. */
export async function measureStage(
  installation: Installation,
  machines: LoadMachine[],
  { name, ...pace }: Pace & { name: string },
): Promise<Stage> {
  const { url, machineUrl } = installation;
  const load = generateLoad({ url, machineUrl, ownerToken, machines, ...pace });
  await sleep(pace.warmUpSeconds * 1000);
  const before = usages(installation);
  await sleep(pace.windowSeconds * 1000);
  const after = usages(installation);
  return {
    name,
    cores: perProcess((one) => (after[one].cpuSeconds - before[one].cpuSeconds) / pace.windowSeconds),
    rssGb: perProcess((one) => after[one].rssBytes / 1e9),
    load: await load,
  };
}

/** Whether the installation no longer does what it should: it refuses, or it is slow. */
export function givesWay({ load: { beats, reads } }: Stage): boolean {
  return beats.failed + reads.failed > 0 || Math.max(beats.p99Ms, reads.p99Ms) > 1000;
}

async function generateLoad(order: LoadOrder): Promise<LoadResult> {
  const program = fileURLToPath(new URL('load.ts', import.meta.url));
  const { stdout } = await execa(process.execPath, [program], { input: JSON.stringify(order), stderr: 'inherit' });
  return LoadResult.parse(JSON.parse(stdout));
}

function usages({ pidOf }: Installation): Record<InstalledProcess, Usage> {
  return perProcess((one) => usageOf(pidOf(one)));
}

function perProcess<Value>(valueOf: (one: InstalledProcess) => Value): Record<InstalledProcess, Value> {
  return Object.fromEntries(installedProcesses.map((one) => [one, valueOf(one)])) as Record<InstalledProcess, Value>;
}
