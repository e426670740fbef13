/** What everybody but the control plane does, minute by minute. Local activities of `playWorld`. */
import type { Client } from '@temporalio/client';
import type { SweepReport } from '../../workflows/contract/upkeep.ts';
import type { Schedule } from './schedule.ts';
import { judge, type Outcome, type WorkflowHistory } from './invariants.ts';
import { createSweeper } from './sweeper.ts';
import { createWorkspaceActor } from './workspace-actor.ts';
import { openWorld, type World } from './world.ts';

/** What comes next: the actor's next turn in a minute, a sweep, or nothing more. */
export type Next = 'wait' | 'sweep' | 'done';

export interface Player {
  /** The workflow whose activities it is behind. */
  workflowId: string;
  turn(now: number, report: SweepReport | null): Promise<Next>;
}

export type Turns = ReturnType<typeof createTurns>;

export interface Stage {
  client: Client;
  schedules: readonly Schedule[];
  /** Those under way, for whoever has to find its own by a workflow's id. */
  worlds: Map<number, World>;
  /** The histories of all workspaces whose worlds are over. */
  histories: WorkflowHistory[];
}

export function createTurns({ client, schedules, worlds, histories }: Stage) {
  const players = new Map<number, Map<string, Player>>();

  /** Opens the world of this number, and returns who plays in it. */
  async function open(id: number, now: number): Promise<string[]> {
    const schedule = schedules[id];
    if (!schedule) throw new RangeError(`no schedule ${id}`);
    const world = await openWorld(id, schedule, now);
    const workspaces = schedule.workspaces.map((plan) => createWorkspaceActor(client, world, plan));
    const all: Player[] = [...workspaces, createSweeper(world, workspaces)];
    worlds.set(id, world);
    players.set(id, new Map(all.map((player) => [player.workflowId, player])));
    return all.map(({ workflowId }) => workflowId);
  }

  async function turn(id: number, player: string, now: number, report: SweepReport | null): Promise<Next> {
    const world = worlds.get(id);
    if (world) world.now = now;
    return (await players.get(id)?.get(player)?.turn(now, report)) ?? 'done';
  }

  /** Looks at what is left, and clears it away. */
  async function close(id: number): Promise<Outcome> {
    const world = worlds.get(id);
    if (!world) throw new RangeError(`no world ${id}`);
    try {
      return await judge(client, world, histories);
    } finally {
      worlds.delete(id);
      players.delete(id);
      await world.close();
    }
  }

  return { open, turn, close };
}
