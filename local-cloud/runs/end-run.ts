/** The end of a run's container: told, killed, removed until nothing is left. */
import type { ContainerExit } from '../docker-engine.ts';
import { runLabels } from '../labels.ts';
import { removeLabelled } from '../remove-labelled.ts';
import { findRunContainer, type RunEngine } from './ensure-run.ts';

/** Resolves when the run's container does not run: how it ended, or `undefined` when there is none. */
export async function waitForRunContainer(
  runs: RunEngine,
  runId: string,
  signal: AbortSignal,
): Promise<ContainerExit | undefined> {
  const container = await findRunContainer(runs, runId);
  return container && (await runs.engine.waitForContainer(container.Id, signal));
}

/** Asks the container to end, and kills it when it has not within this time; one that does not run is fine. */
export async function stopRunContainer(
  runs: RunEngine,
  runId: string,
  { graceMs, signal }: { graceMs: number; signal: AbortSignal },
): Promise<void> {
  const container = await findRunContainer(runs, runId);
  if (container?.State !== 'running') return;
  const { engine } = runs;
  await engine.signalContainer(container.Id, 'SIGTERM');
  const timeUp = AbortSignal.timeout(graceMs);
  try {
    await engine.waitForContainer(container.Id, AbortSignal.any([signal, timeUp]));
  } catch (error) {
    if (!timeUp.aborted || signal.aborted) throw error;
    await engine.signalContainer(container.Id, 'SIGKILL');
    await engine.waitForContainer(container.Id, signal);
  }
}

/** Removes the run's container and volume; resolves once the engine itself shows neither. */
export async function removeRunContainer(
  { engine, installation }: RunEngine,
  runId: string,
  signal: AbortSignal,
): Promise<void> {
  await removeLabelled(engine, runLabels(installation, runId), signal);
}
