/** Machines in the operator's own project at Hetzner Cloud. */
import type { z } from 'zod';
import type { Pricing, Server } from '../../hetzner-cloud/api.ts';
import { whyUnavailable } from '../../hetzner-cloud/availability.ts';
import { ensureServer } from '../../hetzner-cloud/ensure-server.ts';
import { identityOf } from '../../hetzner-cloud/firewall.ts';
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
import { workspaceServer } from '../../hetzner-cloud/workspace-server.ts';
import { named, removeInTime } from './hetzner/failures.ts';
import { hetznerImages } from './hetzner/images.ts';
import type { Machine, MachineProvider, MachineProviderDefinition, ProviderHost } from './provider.ts';

/** A look that takes longer is none. */
const patienceMs = 4000;

/** Every worker asks every few seconds, and they all share the project's rate limit. Trouble is looked at each time. */
const availabilityKeptMs = 60_000;

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
  const whyNot = kept(readReason, availabilityKeptMs, (reason) => reason === null);
  const asMachine = async (server: Server) => machineOf(server, await cloudFor().catalogue.pricing());

  return {
    id,
    needsNames: true,
    async checkAvailability() {
      const reason = await whyNot();
      return { available: reason === null, reason };
    },
    sizes: () => named(() => readOffers(cloudFor())),
    ensureMachine: (spec, signal) =>
      named(async () => {
        const cloud = cloudFor(signal);
        return asMachine(await ensureServer(cloud, workspaceServer(cloud, spec)));
      }),
    findMachine: (workspaceId, providerId) =>
      named(async () => {
        const server = await lookForServer(cloudFor(), workspaceId, providerId);
        return server && (await asMachine(server));
      }),
    listMachines: () => named(async () => Promise.all((await listServers(cloudFor())).map(asMachine))),
    listResources: () => named(() => listHetznerResources(cloudFor(), id)),
    removeMachine: (workspaceId, signal) =>
      removeInTime(workspaceId, signal, (inTime) => {
        const cloud = cloudFor(inTime);
        return removeServer(cloud, identityOf(cloud, workspaceId));
      }),
    listUnused: (before) => named(() => listUnusedKeys(cloudFor(), id, before)),
    removeUnused: (before, signal) => named(() => removeUnusedKeys(cloudFor(signal), id, before)),
    images: hetznerImages(cloudFor, id),
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
