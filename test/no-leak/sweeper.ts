import type { SweepReport } from '../../workflows/contract/upkeep.ts';
import type { Next, Player } from './turns.ts';
import type { WorkspaceActor } from './workspace-actor.ts';
import type { World } from './world.ts';

const everyMinutes = 10;
/** After the last workspace ended; far more than the longest outage takes. */
const lastSweeps = 100;

/** The schedule of the sweep: every few minutes, and at the end until one has read everything and found nothing. */
export function createSweeper(world: World, workspaces: readonly WorkspaceActor[]): Player {
  const workflowId = `upkeep:orphanSweep:${world.id}`;
  world.actors.set(workflowId, { mishaps: world.schedule.sweepMishaps, calls: 0, isStopped: false });
  let minutes = 0;
  let sweepsLeft = lastSweeps;
  let hasSwept = false;
  return {
    workflowId,
    async turn(_now, report: SweepReport | null): Promise<Next> {
      if (report) {
        const isClean = report.orphans.length + report.unreadable.length === 0;
        if (hasSwept && isClean) return 'done';
        return 'wait';
      }
      minutes += 1;
      const isOver = workspaces.every((workspace) => workspace.hasEnded());
      if (!isOver) return minutes % everyMinutes === 0 ? 'sweep' : 'wait';
      hasSwept = true;
      sweepsLeft -= 1;
      if (sweepsLeft > 0) return 'sweep';
      world.broken.push('the sweep never comes to an end');
      return 'done';
    },
  };
}
