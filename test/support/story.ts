/** One workspace, as a test tells its story. */
import { WorkflowNotFoundError, type WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { concernsLifecycle } from '../../api/boot-reports.ts';
import { until } from '../../engine/until.ts';
import type { Store, StoredEvent } from '../../store/store.ts';
import type { WorkspaceEventType } from '../../workflows/contract/events.ts';
import { bootSteps, type ActivityKind, type BootStep } from '../../workflows/contract/workspace.schema.ts';
import {
  bootReportedSignal,
  certifyMachineUpdate,
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
import { untilHeard } from './history-size.ts';
import { countCreations, readMachines } from './scripted-provider.ts';

export interface StoryParts {
  env: TestWorkflowEnvironment;
  store: Store;
  cloud: string;
  input: WorkspaceInput;
  handle: WorkflowHandleWithFirstExecutionRunId<typeof workspaceLifecycle>;
}

export type Story = ReturnType<typeof createStory>;

export function createStory({ env, store, cloud, input, handle }: StoryParts) {
  const { workspaceId } = input;
  let bootSeq = 0;
  let beatSeq = 0;
  let lastActivityAt = 0;

  async function bootReports(step: BootStep, status: 'started' | 'done' | 'failed', message?: string): Promise<void> {
    await handle.signal(bootReportedSignal, { seq: ++bootSeq, step, status, ...(message && { message }) });
  }

  async function state(): Promise<WorkspaceState> {
    return await handle.query(workspaceStateQuery);
  }

  async function reaches(status: WorkspaceStatus): Promise<void> {
    await until(`the workspace is ${status}`, async () => (await state()).status === status);
  }

  function events(): Promise<StoredEvent[]> {
    return store.events.read(workspaceStream(workspaceId), { after: 0, limit: 1000 });
  }

  return {
    input,
    handle,
    state,
    reaches,
    bootReports,
    firstRunId: handle.firstExecutionRunId,

    async reachesEvent(type: WorkspaceEventType): Promise<void> {
      await until(`${type} is recorded`, async () => (await events()).some((event) => event.type === type));
    },

    async waitsFor(what: string): Promise<void> {
      await until(`it waits for ${what}`, async () => (await state()).waitingFor?.what === what);
    },

    /** When the lifecycle ended; after that the server's time runs on by years. */
    endedAt: async () => (await handle.describe()).closeTime?.getTime() ?? Number.NaN,

    /** The server's time, which skips. */
    now: () => env.currentTimeMs(),

    /** The machine takes every step, and the workspace gets usable. */
    async becomesReady(): Promise<void> {
      for (const step of bootSteps) await bootReports(step, 'done');
      await reaches('running');
      lastActivityAt = await env.currentTimeMs();
    },

    /** The machine boots as slowly as a real one: what the API passes on of it arrives report by report. */
    async bootsSlowly(): Promise<void> {
      for (const step of bootSteps) {
        for (const status of ['started', 'done'] as const) {
          if (!concernsLifecycle({ step, status })) continue;
          await bootReports(step, status);
          await untilHeard(handle);
        }
      }
      await reaches('running');
    },

    /** The machine tells that its last activity was `idleSeconds` ago. */
    async beats(idleSeconds: number, by: ActivityKind = 'terminal'): Promise<void> {
      lastActivityAt = (await env.currentTimeMs()) - idleSeconds * 1000;
      const keptAliveBy = idleSeconds < 300 ? [{ by, secondsAgo: idleSeconds }] : [];
      await handle.signal(heartbeatReceivedSignal, { seq: ++beatSeq, idleSeconds, keptAliveBy });
    },

    /** Minutes in which the machine beats, as the API forwards it, and nothing happens on it. */
    async idles(minutes: number): Promise<void> {
      const until = (await env.currentTimeMs()) + minutes * 60_000;
      for (let left = minutes; left > 0; left = (until - (await env.currentTimeMs())) / 60_000) {
        await env.sleep(Math.min(left, 5) * 60_000);
        // As with the API, a beat that comes after the end is nobody's fault.
        await this.beats(((await env.currentTimeMs()) - lastActivityAt) / 1000).catch(unlessItEnded);
      }
    },

    stop: () => handle.executeUpdate(stopWorkspaceUpdate, { args: [{ reason: 'requested' }] }),
    certify: (csr: string) => handle.executeUpdate(certifyMachineUpdate, { args: [{ csr }], updateId: csr.slice(-99) }),
    extend: (minutes: number) => handle.executeUpdate(extendWorkspaceUpdate, { args: [{ minutes }] }),
    passes: (minutes: number) => env.sleep(minutes * 60_000),
    ends: () => handle.result(),

    events,
    /** What the provider has for this workspace, by its own ids. */
    machines: () =>
      readMachines(cloud).flatMap((machine) => (machine.workspaceId === workspaceId ? [machine.providerId] : [])),
    creations: () => countCreations(cloud, workspaceId),
    secrets: () => store.secrets.list(`workspace/${workspaceId}/`),
  };
}

function unlessItEnded(error: unknown): void {
  if (!(error instanceof WorkflowNotFoundError)) throw error;
}
