/** Lets time pass, a minute at a time, for those who are not the control plane: machines, people, the schedule of the sweep. */
import type { Client } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { judge, type Outcome, type WorkflowHistory } from './invariants.ts';
import { passMinute } from './pass-minute.ts';
import type { Schedule } from './schedule.ts';
import { createSweeper } from './sweeper.ts';
import { createWorkspaceActor } from './workspace-actor.ts';
import { openWorld, passTime, type World } from './world.ts';

/** One of them; its turns come every minute, until it has no more to do. */
export interface Player {
  turn(now: number): Promise<'wait' | 'done'>;
}

export interface Stage {
  env: TestWorkflowEnvironment;
  client: Client;
  /** Those under way, for whoever has to find its own by a workflow's id. */
  worlds: Set<World>;
  /** The histories of all workspaces whose worlds are over. */
  histories: WorkflowHistory[];
}

/** As many as share each minute. */
const worldsAtATime = 32;

/** Plays each schedule to its end: the first ones at once, and the next as soon as a world is over. Fills in what they came to. */
export async function playAll(
  stage: Stage,
  schedules: readonly Schedule[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  const waiting = [...schedules.entries()];
  const underWay = new Set<Play>();
  for (;;) {
    const now = await stage.env.currentTimeMs();
    for (const [index, schedule] of waiting.splice(0, worldsAtATime - underWay.size)) {
      underWay.add(await begin(stage, index, schedule, now));
    }
    if (underWay.size === 0) return;
    await Promise.all(
      [...underWay].map(async (play) => {
        if (!(await takeTurns(play, now))) return;
        underWay.delete(play);
        outcomes[play.index] = await end(stage, play);
      }),
    );
    await passMinute(stage.env, stage.worlds);
  }
}

interface Play {
  index: number;
  world: World;
  players: Set<Player>;
}

async function begin({ client, worlds }: Stage, index: number, schedule: Schedule, now: number): Promise<Play> {
  const world = await openWorld(schedule, now);
  worlds.add(world);
  const workspaces = schedule.workspaces.map((plan) => createWorkspaceActor(client, world, plan));
  return { index, world, players: new Set([...workspaces, createSweeper(client, world, workspaces)]) };
}

/** Whether it is over. */
async function takeTurns({ world, players }: Play, now: number): Promise<boolean> {
  passTime(world, now);
  await Promise.all(
    [...players].map(async (player) => {
      if ((await player.turn(now)) === 'done') players.delete(player);
    }),
  );
  return players.size === 0;
}

/** Looks at what is left, and clears it away. */
async function end({ client, worlds, histories }: Stage, { world }: Play): Promise<Outcome> {
  try {
    return await judge(client, world, histories);
  } finally {
    worlds.delete(world);
    await world.close();
  }
}
