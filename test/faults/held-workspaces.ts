/** One death at the worst moment of many workspaces: each is held at a point of its own when the process dies. */
import { until } from '../../engine/until.ts';
import { createWorkspace, stopWorkspace, untilStatus, type Workspace } from '../support/client.ts';
import { secondsBetween } from './convergence.ts';
import { hasArrived, hold, release } from './gates.ts';
import { victims } from './matrix.ts';
import type { Stack } from './stack.ts';

export interface HeldWorkspace extends Workspace {
  point: string;
  /** Seconds from the kill until the workspace was where it was going. */
  converged: Promise<number>;
}

/** Kills while each point is held by a workspace that is being made; these then go on to run. */
export async function killWhileProvisioning(stack: Stack, points: readonly string[], victim: string) {
  const held = await Promise.all(points.map(async (point) => ({ point, ...(await createHeldAt(stack, point)) })));
  return await killAndRelease(stack, held, victim, 'running');
}

/** Kills while each point is held by a workspace that is being removed; these then go on to nothing left. */
export async function killWhileRemoving(stack: Stack, points: readonly string[], victim: string) {
  const running = await Promise.all(points.map(() => createRunning(stack)));
  const held = running.map((workspace, index) => ({ ...workspace, point: points[index] ?? '' }));
  for (const { id, point } of held) hold(stack.gates, id, point);
  const stops = held.map((workspace) => stopWorkspace(stack, workspace));
  const converging = await killAndRelease(stack, held, victim, 'stopped');
  await Promise.all(stops);
  return converging;
}

async function createRunning(stack: Stack): Promise<Workspace> {
  const workspace = await createHeldAt(stack, '');
  await untilStatus(stack, workspace, 'running');
  return workspace;
}

/** The worker holds a new workspace at its first step until it hears of it, so this is never too late. */
async function createHeldAt(stack: Stack, point: string): Promise<Workspace> {
  const workspace = await createWorkspace(stack);
  hold(stack.gates, workspace.id, point);
  return workspace;
}

async function killAndRelease(
  stack: Stack,
  held: readonly (Workspace & { point: string })[],
  victim: string,
  status: string,
): Promise<HeldWorkspace[]> {
  const haveArrived = (): boolean => held.every(({ id, point }) => hasArrived(stack.gates, id, point));
  await until('every workspace is held at its point', haveArrived, { pollMs: 10 });
  const killedAtMs = performance.now();
  stack.kill(victims[victim] ?? []);
  for (const { id } of held) release(stack.gates, id);
  return held.map((workspace) => {
    const converged = untilStatus(stack, workspace, status).then(() => secondsBetween(killedAtMs, performance.now()));
    // Looked at one after the other: who comes last must not count as unhandled meanwhile.
    converged.catch(() => undefined);
    return { ...workspace, converged };
  });
}
