/** Removing a machine, until nothing is left. */
import { setTimeout as sleep } from 'node:timers/promises';
import { workspaceLabels } from './labels.ts';
import type { LocalCloud } from './local-machine.ts';

const pollMs = 100;

/** Removes the workspace's containers and volumes; resolves once the engine itself shows neither. */
export async function removeLocalMachine(
  { engine, installation }: LocalCloud,
  workspaceId: string,
  signal: AbortSignal,
): Promise<void> {
  const labels = workspaceLabels(installation, workspaceId);
  for (;;) {
    signal.throwIfAborted();
    const containers = await engine.listContainers(labels);
    await Promise.all(containers.map(({ Id }) => engine.removeContainer(Id)));
    const volumes = await engine.listVolumes(labels);
    await Promise.all(volumes.map(({ name }) => engine.removeVolume(name)));
    if (containers.length + volumes.length === 0) return;
    await sleep(pollMs, undefined, { signal });
  }
}
