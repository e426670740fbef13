import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { SweepReport } from '../../workflows/contract/upkeep.ts';
import type { orphanSweep } from '../../workflows/upkeep/orphan-sweep.ts';
import type { Player } from './play.ts';
import type { WorkspaceActor } from './workspace-actor.ts';
import type { World } from './world.ts';

const everyMinutes = 20;
/** After the last workspace ended; far more than the longest outage takes. */
const lastSweeps = 100;

/**
 * The schedule of the sweep, which the time-skipping server does not have: every few minutes, one at a time, and at the end
 * until one has read everything and found nothing.
 */
export function createSweeper(client: Client, world: World, workspaces: readonly WorkspaceActor[]): Player {
  const workflowId = `upkeep:orphanSweep:${randomUUID()}`;
  world.actors.set(workflowId, { mishaps: world.schedule.sweepMishaps, calls: 0, isStopped: false });
  let minutes = 0;
  let sweepsLeft = lastSweeps;
  let isSweeping = false;
  let isDone = false;

  async function sweep(isLast: boolean): Promise<void> {
    const options = { workflowId, taskQueue: controlPlaneQueue, args: [{ minAgeMinutes: 0 }] as const };
    const sweeping = await client.workflow.start<typeof orphanSweep>('orphanSweep', options);
    isSweeping = true;
    void sweeping
      .result()
      .then((report) => void (isDone = isLast && isClean(report)))
      .catch((error: unknown) => world.broken.push(`a sweep failed: ${String(error)}`))
      .finally(() => void (isSweeping = false));
  }

  return {
    async turn() {
      minutes += 1;
      if (isDone) return 'done';
      if (isSweeping) return 'wait';
      const isLast = workspaces.every((workspace) => workspace.hasEnded());
      if (isLast && sweepsLeft-- === 0) {
        world.broken.push('the sweep never comes to an end');
        return 'done';
      }
      if (isLast || minutes % everyMinutes === 0) await sweep(isLast);
      return 'wait';
    },
  };
}

function isClean({ orphans, unreadable }: SweepReport): boolean {
  return orphans.length + unreadable.length === 0;
}
