/** What happens on a machine: it boots, asks for its certificate, gets ready and tells of itself, or does not. */
import { WorkflowUpdateStage, type WorkflowHandle } from '@temporalio/client';
import {
  bootReportedSignal,
  certifyMachineUpdate,
  heartbeatReceivedSignal,
} from '../../workflows/contract/workspace.ts';
import { makeCertificateRequest } from '../support/certificate-request.ts';
import type { Ending } from './schedule.ts';
import { serversOf, type World } from './world.ts';

const beatMinutes = 4;

/** Its turns come every minute. It lives while the cloud has a server for the workspace that runs. */
export function createMachine(world: World, workspaceId: string, handle: WorkflowHandle, { by }: Ending) {
  let bootedAt: number | undefined;
  let isReady = false;

  async function boot(): Promise<void> {
    await handle.signal(bootReportedSignal, { seq: 1, step: 'boot', status: 'done' });
    // The answer is of no interest here, and waiting for it would hold up the time.
    await handle.startUpdate(certifyMachineUpdate, {
      args: [{ csr: await certificateRequest() }],
      waitForStage: WorkflowUpdateStage.ACCEPTED,
    });
  }

  async function finishBoot(): Promise<void> {
    isReady = true;
    const end = by === 'failed boot' ? ({ step: 'clone', status: 'failed' } as const) : ready;
    await handle.signal(bootReportedSignal, { seq: 2, ...end });
  }

  async function beat(minutes: number): Promise<void> {
    const idleSeconds = by === 'idleness' ? minutes * 60 : 0;
    await handle.signal(heartbeatReceivedSignal, { seq: minutes, idleSeconds, keptAliveBy: [] });
  }

  return {
    async turn(now: number): Promise<void> {
      const [server] = serversOf(world, workspaceId);
      if (server?.status !== 'running' || by === 'missing boot') return;
      bootedAt ??= now;
      const minutes = Math.round((now - bootedAt) / 60_000);
      if (minutes === 0) return await boot();
      if (!isReady) return await finishBoot();
      if (by === 'loss' && minutes >= 5) server.goneAt = world.hetzner.state.clock;
      else if (by !== 'silence' && minutes % beatMinutes === 0) await beat(minutes);
    },
  };
}

const ready = { step: 'ready', status: 'done' } as const;

let request: Promise<string> | undefined;

/** Every machine of these tests has the same key. */
function certificateRequest(): Promise<string> {
  return (request ??= makeCertificateRequest());
}
