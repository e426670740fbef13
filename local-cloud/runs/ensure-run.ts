/** Making a run's container, so that any call can be repeated after a crash at any instruction. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerListing, DockerEngine } from '../docker-engine.ts';
import { engineErrorKind } from '../engine-errors.ts';
import { runLabels } from '../labels.ts';
import type { MachineLimits } from '../machine-container.ts';
import { modeLabel, runContainerOptions, type RunWork } from './run-container.ts';

/** Where runs live, and how their containers are made there. */
export interface RunEngine {
  engine: DockerEngine;
  /** Marks what is ours; runs of other installations are never seen. */
  installation: string;
  /** What a container gets, if the engine has so much. */
  limits: MachineLimits;
}

export type RunSpec = RunWork & { runId: string; imageName: string; doorFolder: string };

/** Between two looks, while somebody else is at work on the same container. */
const pollMs = 100;

/** Turns in vain after which it is no longer somebody else's work that is in the way. */
const patienceTurns = 50;

/** The run's container, running or not, or `undefined`. */
export async function findRunContainer(
  { engine, installation }: RunEngine,
  runId: string,
): Promise<ContainerListing | undefined> {
  const [container] = await engine.listContainers(runLabels(installation, runId));
  return container;
}

/**
 * Sees to it that the run's container runs in this mode, on the run's one volume: made unless there is one, started unless it
 * runs. One that was made for another mode gives way to it.
 */
export async function ensureRunContainer(runs: RunEngine, spec: RunSpec, signal: AbortSignal): Promise<void> {
  // Asked at once, since nearly every call makes the container.
  const capacity = runs.engine.capacity();
  capacity.catch(() => undefined);
  for (let turnsLeft = patienceTurns; ; turnsLeft -= 1) {
    signal.throwIfAborted();
    const container = await findRunContainer(runs, spec.runId);
    if (container?.State === 'running' && container.Labels[modeLabel] === spec.mode) return;
    try {
      await advance(runs, spec, container, await capacity);
    } catch (error) {
      if (!isSomebodyElses(error) || turnsLeft === 0) throw error;
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** One step from what there is towards a container that runs. */
async function advance(
  { engine, ...runs }: RunEngine,
  spec: RunSpec,
  container: ContainerListing | undefined,
  capacity: MachineLimits,
): Promise<void> {
  if (!container) {
    const limits = {
      cpus: Math.min(runs.limits.cpus, capacity.cpus),
      memoryBytes: Math.min(runs.limits.memoryBytes, capacity.memoryBytes),
    };
    await engine.createContainer(runContainerOptions({ ...runs, ...spec, limits }));
  } else if (container.Labels[modeLabel] === spec.mode) await engine.startContainer(container.Id);
  else await engine.removeContainer(container.Id);
}

/** The name is taken: somebody else just created it, or is still removing it. The container is gone: somebody else just removed it. */
function isSomebodyElses(error: unknown): boolean {
  return ['conflict', 'missing'].includes(engineErrorKind(error) ?? '');
}
