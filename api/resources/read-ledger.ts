import pMap from 'p-map';
import type { Resource } from '../../workflows/contract/resources.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import { resourceLedgerWorkflowId, type LedgerReading } from '../../workflows/contract/upkeep.ts';
import type { resourceLedger } from '../../workflows/upkeep/resource-ledger.ts';
import { decimal } from '../costs/money.ts';
import { isOutOfTime } from '../grpc.ts';
import { Problem } from '../problems.ts';
import type { OwnedResource, ResourceLedger } from '../resource-answers.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';
import { readOwner, type KnownOwner } from './owner.ts';
import { readSweeps, type Sweeps } from './sweeps.ts';

/** Providers have eight seconds each, side by side. */
const readingMs = 12_000;

/** Lifecycles that are asked at the same time. */
const concurrency = 20;

/**
 * What exists at every provider now, and whose it is. A provider that cannot be read is told, not left out. Fails with
 * `worker_unavailable` when no worker reads.
 */
export async function readLedger(services: Services): Promise<ResourceLedger> {
  const { read, unreadable } = await readProviders(services);
  const readings = (await services.store.resources.list()).filter(({ provider }) => read.includes(provider));
  const resources = readings.flatMap((reading) => reading.resources as Resource[]);
  const ids = [...new Set(resources.flatMap(({ workspaceId }) => workspaceId ?? []))];
  const owners = new Map(await pMap(ids, async (id) => [id, await readOwner(services, id)] as const, { concurrency }));
  const sweeps = await readSweeps(services);
  return {
    resources: resources.map((resource) => describe(resource, owners, sweeps)),
    unreadable: unreadable.map(({ place, reason }) => ({ provider: place, reason })),
  };
}

async function readProviders(services: Services): Promise<LedgerReading> {
  const handle = await within(services, serverAnswerMs, () =>
    services.temporal.workflow.start<typeof resourceLedger>('resourceLedger', {
      taskQueue: controlPlaneQueue,
      workflowId: resourceLedgerWorkflowId,
      workflowIdConflictPolicy: 'USE_EXISTING',
      // Nobody waits for it any longer.
      workflowExecutionTimeout: 2 * readingMs,
    }),
  );
  try {
    return await within(services, readingMs, () => handle.result());
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    throw new Problem('worker_unavailable', 'No worker reads the providers now.', { headers: { 'Retry-After': '5' } });
  }
}

function describe(resource: Resource, owners: ReadonlyMap<string, KnownOwner>, sweeps: Sweeps): OwnedResource {
  const { provider, kind, id, name, workspaceId, createdAt, hourlyPrice } = resource;
  const known = workspaceId === null ? undefined : owners.get(workspaceId);
  const orphan = known !== undefined && !known.isLive;
  return {
    ...{ provider, kind, id, name, createdAt, orphan },
    hourlyPrice: hourlyPrice && decimal(hourlyPrice.micros),
    currency: hourlyPrice && hourlyPrice.currency,
    workspace: known?.owner ?? null,
    sweptAt: orphan ? sweeps.firstFor(createdAt) : null,
  };
}
