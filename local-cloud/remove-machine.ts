import { workspaceLabels } from './labels.ts';
import type { LocalCloud } from './local-machine.ts';
import { removeLabelled } from './remove-labelled.ts';

/** Removes the workspace's containers and volumes; resolves once the engine itself shows neither. */
export async function removeLocalMachine(
  { engine, installation }: LocalCloud,
  workspaceId: string,
  signal: AbortSignal,
): Promise<void> {
  await removeLabelled(engine, workspaceLabels(installation, workspaceId), signal);
}
