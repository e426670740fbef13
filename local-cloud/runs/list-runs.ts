import { installationLabel, runLabel } from '../labels.ts';
import type { RunEngine } from './ensure-run.ts';

/** Ids of the runs that have something on this engine; only those whose container runs, if that is asked. */
export async function listRunIds(
  { engine, installation }: RunEngine,
  { isRunning }: { isRunning: boolean },
): Promise<string[]> {
  const ours = { [installationLabel]: installation };
  const containers = (await engine.listContainers(ours)).filter(({ State }) => !isRunning || State === 'running');
  const volumes = isRunning ? [] : await engine.listVolumes(ours);
  const labels = [...containers.map(({ Labels }) => Labels), ...volumes.map((volume) => volume.labels)];
  return [...new Set(labels.flatMap((one) => one[runLabel] ?? []))];
}
