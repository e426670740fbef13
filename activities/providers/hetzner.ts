/** Machines in the operator's own project at Hetzner Cloud. */
import type { z } from 'zod';
import type { Pricing, Server } from '../../hetzner-cloud/api.ts';
import { whyUnavailable } from '../../hetzner-cloud/availability.ts';
import type { HetznerCloud } from '../../hetzner-cloud/cloud.ts';
import { ensureServer } from '../../hetzner-cloud/ensure-server.ts';
import { errorKind, HetznerError } from '../../hetzner-cloud/errors.ts';
import type { HetznerErrorKind } from '../../hetzner-cloud/errors.ts';
import { kept } from '../../hetzner-cloud/kept.ts';
import { hostnameIn, workspaceIn } from '../../hetzner-cloud/labels.ts';
import { readOffers } from '../../hetzner-cloud/offers.ts';
import { openHetznerCloud } from '../../hetzner-cloud/open-cloud.ts';
import { serverPrice } from '../../hetzner-cloud/prices.ts';
import { removeServer } from '../../hetzner-cloud/remove-server.ts';
import { listUnusedKeys, removeUnusedKeys } from '../../hetzner-cloud/unused-keys.ts';
import { listHetznerResources } from '../../hetzner-cloud/resources.ts';
import { addressOf, listServers, lookForServer } from '../../hetzner-cloud/server.ts';
import { hetznerSettings } from '../../hetzner-cloud/settings.ts';
import type { FailureName } from '../../workflows/contract/failures.ts';
import { failure } from '../failures.ts';
import type { Machine, MachineProvider, MachineProviderDefinition, ProviderHost } from './provider.ts';

/** A look that takes longer is none. */
const patienceMs = 4000;

/** Every worker asks every few seconds, and they all share the project's rate limit. */
const availabilityKeptMs = 60_000;

/** Many times what a removal takes; after that, something holds on to what is to go. */
const removalSeconds = 120;

/** `MACHINE_PROVIDER=hetzner`. */
export const hetznerProvider: MachineProviderDefinition<typeof hetznerSettings> = {
  id: 'hetzner',
  settings: hetznerSettings,
  create: createHetznerProvider,
};

function createHetznerProvider(given: z.infer<typeof hetznerSettings>, host: ProviderHost): MachineProvider {
  const { id } = hetznerProvider;
  const cloudFor = openHetznerCloud(given, host);
  const readReason = () => whyUnavailable(cloudFor(AbortSignal.timeout(patienceMs)));
  const whyNot = kept(readReason, availabilityKeptMs);
  const asMachine = async (server: Server) => machineOf(server, await cloudFor().catalogue.pricing());

  return {
    id,
    needsNames: true,
    async checkAvailability() {
      const reason = await whyNot();
      return { available: reason === null, reason };
    },
    sizes: () => named(() => readOffers(cloudFor())),
    ensureMachine: (spec, signal) => named(async () => asMachine(await ensureServer(cloudFor(signal), spec))),
    findMachine: (workspaceId, providerId) =>
      named(async () => {
        const server = await lookForServer(cloudFor(), workspaceId, providerId);
        return server && (await asMachine(server));
      }),
    listMachines: () => named(async () => Promise.all((await listServers(cloudFor())).map(asMachine))),
    listResources: () => named(() => listHetznerResources(cloudFor(), id)),
    removeMachine: (workspaceId, signal) => named(() => removeInTime(cloudFor, workspaceId, signal)),
    listUnused: (before) => named(() => listUnusedKeys(cloudFor(), id, before)),
    removeUnused: (before, signal) => named(() => removeUnusedKeys(cloudFor(signal), id, before)),
  };
}

function machineOf(server: Server, pricing: Pricing): Machine {
  const ipAddress = addressOf(server);
  const hostname = hostnameIn(server.labels);
  return {
    workspaceId: workspaceIn(server.labels) ?? '',
    providerId: String(server.id),
    state: stateOf(server.status),
    ipAddress,
    accessUrl: `https://${hostname}/`,
    connectTo: { host: ipAddress ?? hostname, port: 443 },
    needsName: true,
    ...serverPrice(server, pricing),
    createdAt: server.created,
  };
}

function stateOf(status: string): Machine['state'] {
  if (status === 'running') return 'running';
  return ['off', 'stopping', 'deleting'].includes(status) ? 'stopped' : 'starting';
}

async function removeInTime(
  cloudFor: (signal: AbortSignal) => HetznerCloud,
  workspaceId: string,
  signal: AbortSignal,
): Promise<void> {
  const timeUp = AbortSignal.timeout(removalSeconds * 1000);
  try {
    await removeServer(cloudFor(AbortSignal.any([signal, timeUp])), workspaceId);
  } catch (error) {
    if (!timeUp.aborted || signal.aborted) throw error;
    throw failure('StillThere', `Hetzner has not let go of ${workspaceId} within ${removalSeconds} s.`);
  }
}

const failureNames: Record<HetznerErrorKind, FailureName> = {
  quota: 'QuotaExceeded',
  capacity: 'NoCapacity',
  refused: 'ProviderRefused',
  unavailable: 'ProviderUnavailable',
};

/** Runs calls to Hetzner; what goes wrong there leaves under one of the names that workflows know. */
async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HetznerError)) throw error;
    const { message, code, retryAfterSeconds } = error;
    const kind = errorKind(error);
    const advice = kind === 'quota' ? ' Remove something, or ask Hetzner for a higher limit.' : '';
    throw failure(failureNames[kind], `Hetzner: ${message} (${code}).${advice}`, {
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
}
