/** One workspace as its schedule has it: who asks for it, what its machine reports, and how it comes to its end. */
import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client, type WorkflowHandle } from '@temporalio/client';
import { startOptions } from '../../api/workspaces/start-options.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { stopWorkspaceUpdate, workspaceWorkflowId, type WorkspaceInput } from '../../workflows/contract/workspace.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { remainsIn } from '../support/hetzner/remains.ts';
import { newWorkspaceInput } from '../support/workspace-input.ts';
import { createMachine } from './machine.ts';
import type { WorkspacePlan } from './schedule.ts';
import type { Player } from './play.ts';
import { installation, minuteOf, type Actor, type World } from './world.ts';

export interface WorkspaceActor extends Player {
  hasEnded(): boolean;
}

const lifetimeMinutes = 25;

export function createWorkspaceActor(client: Client, world: World, plan: WorkspacePlan): WorkspaceActor {
  const { ending, mishaps, startMinute } = plan;
  const limits = { idleMinutes: 10, provisionMinutes: 12, ...(ending.by === 'lifetime' && { lifetimeMinutes }) };
  const input = { ...newWorkspaceInput({ baseDomain: 'example.com', limits }), installation, provider: 'hetzner' };
  const { workspaceId } = input;
  const workflowId = workspaceWorkflowId(workspaceId);
  const handle: WorkflowHandle<typeof workspaceLifecycle> = client.workflow.getHandle(workflowId);
  const machine = createMachine(world, workspaceId, handle, ending);
  let isEnded = false;
  let startedAt: number | undefined;

  const actor: Actor = {
    ...{ mishaps, calls: 0, isStopped: false },
    async onCall(call) {
      if (ending.by === 'stop' && 'atCall' in ending && call === ending.atCall) await stop();
    },
  };
  world.actors.set(workflowId, actor);

  async function stop(): Promise<void> {
    actor.isStopped = true;
    await handle.executeUpdate(stopWorkspaceUpdate, { args: [{ reason: 'requested' }] }).catch(unlessItEnded);
  }

  async function start(): Promise<void> {
    await accept(client, world, input);
    void handle
      .result()
      .catch((error: unknown) => world.broken.push(`${workspaceId} did not end by itself: ${String(error)}`))
      .then(() => {
        isEnded = true;
        noteRemains(world, workspaceId);
      });
  }

  return {
    hasEnded: () => isEnded,
    async turn(now) {
      if (startedAt === undefined) {
        if (minuteOf(world) < startMinute) return 'wait';
        startedAt = now;
        await start();
        return 'wait';
      }
      if (isEnded) return 'done';
      if (minuteOf(world) > patienceMinutes) {
        await handle.terminate().catch(unlessItEnded);
      }
      const age = (now - startedAt) / 60_000;
      const isDue = ending.by === 'stop' && age >= ('afterMinutes' in ending ? ending.afterMinutes : latestStopMinutes);
      if (isDue && !actor.isStopped) await stop();
      await machine.turn(now).catch(unlessItEnded);
      return 'wait';
    },
  };
}

/** Many times what the longest outage and everything else together take. */
const patienceMinutes = 600;

/** Who waits for a call that never comes stops all the same. */
const latestStopMinutes = 30;

/** As the API does: secrets first, then the workflow. */
async function accept(client: Client, world: World, input: WorkspaceInput): Promise<void> {
  const { workspaceId } = input;
  const names = workspaceSecretNames(workspaceId);
  world.accepting.add(workspaceId);
  try {
    await world.store.secrets.ensure(names.password, 'correct horse');
    await world.store.secrets.ensure(names.machineToken, 'battery-staple-0123456789');
    const options = startOptions(input, { createdAt: new Date().toISOString(), phase: 'creating' });
    await client.workflow.start<typeof workspaceLifecycle>('workspaceLifecycle', options);
  } finally {
    world.accepting.delete(workspaceId);
  }
}

/** The lifecycle's own promise, before any sweep could help it: no server and no firewall outlives it. */
function noteRemains(world: World, workspaceId: string): void {
  for (const thing of remainsIn(world.hetzner, installation, workspaceId)) {
    world.broken.push(`${thing} was left when ${workspaceId} ended`);
  }
}

/** As with the API, what comes after the end is nobody's fault. */
export function unlessItEnded(error: unknown): void {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowUpdateFailedError) return;
  throw error;
}
