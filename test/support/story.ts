/** One workspace, as a test tells its story. */
import type { WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Store, StoredEvent } from '../../store/store.ts';
import { bootSteps, type ActivityKind, type BootStep } from '../../workflows/contract/workspace.schema.ts';
import {
  bootReportedSignal,
  extendWorkspaceUpdate,
  heartbeatReceivedSignal,
  stopWorkspaceUpdate,
  workspaceStateQuery,
  workspaceStream,
  type WorkspaceInput,
  type WorkspaceState,
  type WorkspaceStatus,
} from '../../workflows/contract/workspace.ts';
import type { workspaceLifecycle } from '../../workflows/workspace/lifecycle.ts';
import { eventually } from './eventually.ts';
import { countCreations, readMachines } from './scripted-provider.ts';

export interface StoryParts {
  env: TestWorkflowEnvironment;
  store: Store;
  cloud: string;
  input: WorkspaceInput;
  handle: WorkflowHandle<typeof workspaceLifecycle>;
}

export type Story = ReturnType<typeof createStory>;

export function createStory({ env, store, cloud, input, handle }: StoryParts) {
  const { workspaceId } = input;
  let bootSeq = 0;
  let beatSeq = 0;

  async function bootReports(step: BootStep, status: 'started' | 'done' | 'failed', message?: string): Promise<void> {
    await handle.signal(bootReportedSignal, { seq: ++bootSeq, step, status, ...(message && { message }) });
  }

  async function state(): Promise<WorkspaceState> {
    return await handle.query(workspaceStateQuery);
  }

  async function reaches(status: WorkspaceStatus): Promise<void> {
    await eventually(async () => (await state()).status === status, `the workspace is ${status}`);
  }

  return {
    input,
    handle,
    state,
    reaches,
    bootReports,

    /** The machine takes every step, and the workspace gets usable. */
    async becomesReady(): Promise<void> {
      for (const step of bootSteps) await bootReports(step, 'done');
      await reaches('running');
    },

    /** The machine tells that its last activity was `idleSeconds` ago. */
    async beats(idleSeconds: number, by: ActivityKind = 'terminal'): Promise<void> {
      const keptAliveBy = idleSeconds < 300 ? [{ by, secondsAgo: idleSeconds }] : [];
      await handle.signal(heartbeatReceivedSignal, { seq: ++beatSeq, idleSeconds, keptAliveBy });
    },

    stop: () => handle.executeUpdate(stopWorkspaceUpdate, { args: [{ reason: 'requested' }] }),
    extend: (minutes: number) => handle.executeUpdate(extendWorkspaceUpdate, { args: [{ minutes }] }),
    passes: (minutes: number) => env.sleep(minutes * 60_000),
    ends: () => handle.result(),

    events: (): Promise<StoredEvent[]> => store.events.read(workspaceStream(workspaceId), { after: 0, limit: 1000 }),
    machines: () => readMachines(cloud).filter((machine) => machine.workspaceId === workspaceId),
    creations: () => countCreations(cloud, workspaceId),
    secrets: () => store.secrets.list(`workspace/${workspaceId}/`),
  };
}
