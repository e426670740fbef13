import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerEngine, Labels } from './docker-engine.ts';

const pollMs = 100;

/** Removes every container and volume with these labels; resolves once the engine itself shows neither. */
export async function removeLabelled(engine: DockerEngine, labels: Labels, signal: AbortSignal): Promise<void> {
  for (let round = 0; ; round += 1) {
    signal.throwIfAborted();
    const containers = await engine.listContainers(labels);
    await Promise.all(containers.map(({ Id }) => engine.removeContainer(Id)));
    const volumes = await engine.listVolumes(labels);
    await Promise.all(volumes.map(({ name }) => engine.removeVolume(name)));
    if (containers.length + volumes.length === 0) return;
    // The first look after the removal is usually the last.
    if (round > 0) await sleep(pollMs, undefined, { signal });
  }
}
