/** Leftovers of runs at this host, cleared by the host itself: only it sees its engine. */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { forgetRun } from '../activities/run-upkeep.ts';
import type { RunnerPlaces } from '../activities/runner-places.ts';
import type { GatewayControl } from '../gateway/control/control-client.ts';
import { removeRunContainer } from '../local-cloud/runs/end-run.ts';
import type { RunEngine } from '../local-cloud/runs/ensure-run.ts';
import { listRunIds } from '../local-cloud/runs/list-runs.ts';
import type { Store } from '../store/store.ts';
import { runWorkflowId } from '../workflows/contract/run.ts';
import { isWorkflowLive } from './liveness.ts';

export interface SweepTimes {
  orphanSweep: 'remove' | 'report' | 'off';
  orphanSweepMinutes: number;
}

export interface SweptHost {
  store: Pick<Store, 'doors' | 'credentials' | 'audit'>;
  client: Client;
  gateway: GatewayControl;
  runs: RunEngine;
  hostId: string;
  places: RunnerPlaces;
  sweep: SweepTimes;
  log: Logger;
}

const removalMs = 60_000;

/** Sweeps at once, for what was left while this host was away, and then from time to time. Returns how to stop. */
export function startRunnerSweep(host: SweptHost): () => void {
  const { sweep, log } = host;
  if (sweep.orphanSweep === 'off') return () => undefined;
  const once = () => sweepRunner(host).catch((error: unknown) => log.error({ err: error }, 'the sweep of runs failed'));
  void once();
  const timer = setInterval(() => void once(), sweep.orphanSweepMinutes * 60_000);
  return () => clearInterval(timer);
}

/**
 * Removes what runs have here that have ended, or have gone on at another host meanwhile. A run has something here only while
 * its workflow lives, so there is nothing too young to judge. Fails when Temporal, the store or the engine cannot tell.
 */
export async function sweepRunner(host: SweptHost): Promise<void> {
  const { store, client, runs, hostId, sweep, log } = host;
  const here = await listRunIds(runs, { isRunning: false });
  for (const runId of new Set([...here, ...(await store.doors.list(hostId))])) {
    const isLive = await isWorkflowLive(client, runWorkflowId(runId));
    const door = await store.doors.read(runId);
    if (isLive && (!door || door.hostId === hostId)) continue;
    log.warn({ runId, isLive }, 'found what a run has left');
    if (sweep.orphanSweep === 'remove') await clear(host, runId, isLive);
  }
}

async function clear({ store, gateway, runs, places }: SweptHost, runId: string, isLive: boolean): Promise<void> {
  await removeRunContainer(runs, runId, AbortSignal.timeout(removalMs));
  places.free(runId);
  if (!isLive) {
    await forgetRun(store, runId);
    await gateway.closeDoor(runId);
  }
  await store.audit.record({ actor: 'orphan-sweep', action: 'orphan.remove', subject: `run:${runId}` });
}
