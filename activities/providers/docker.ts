/** Machines on the operator's own Docker engine: containers that boot with systemd and cloud-init, as a cloud's do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { hostSettings } from '../../config/settings/host.ts';
import { listenerSettings } from '../../config/settings/listeners.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { engineErrorKind, engineWords } from '../../local-cloud/engine-errors.ts';
import { ensureMachineImage } from '../../local-cloud/ensure-image.ts';
import { ensureLocalMachine } from '../../local-cloud/ensure-machine.ts';
import { findLocalMachine, listLocalMachines } from '../../local-cloud/local-machine.ts';
import type { LocalCloud, LocalMachine } from '../../local-cloud/local-machine.ts';
import { MachineSizes } from '../../local-cloud/machine-sizes.ts';
import { machineRecipe } from '../../local-cloud/recipe.ts';
import { removeLocalMachine } from '../../local-cloud/remove-machine.ts';
import { listLocalResources } from '../../local-cloud/resources.ts';
import { failure, failureNameOf } from '../failures.ts';
import type { Availability, Machine, MachineProvider, MachineProviderDefinition, ProviderHost } from './provider.ts';

const settings = z.object({
  ...listenerSettings.pick({ MACHINES_PORT: true }).shape,
  ...hostSettings.pick({ PAWL_NO_INSTALL: true }).shape,
  LOCAL_MACHINE_PRIVILEGE: z
    .enum(['auto', 'privileged', 'caps'])
    .default('auto')
    .describe('How a local machine gets its rights: the flag `--privileged`, single capabilities, or whichever works.'),
  LOCAL_MACHINE_SIZES: z
    .string()
    .default('small=2x4,medium=4x8,large=8x16')
    .pipe(MachineSizes)
    .describe('CPUs x GiB of memory of each size; a machine never gets more than the engine has.'),
});
type Settings = z.infer<typeof settings>;

/** An engine that takes longer to answer a simple question cannot be worked with. */
const patienceMs = 4000;

/** Many times what a removal takes; after that, something holds on to what is to go. */
const removalSeconds = 60;

/** `MACHINE_PROVIDER=docker`, the default on an operator's own machine. */
export const dockerProvider: MachineProviderDefinition<typeof settings> = {
  id: 'docker',
  settings,
  create: createDockerProvider,
};

function createDockerProvider(given: Settings, { installation, cacheDir }: ProviderHost): MachineProvider {
  const engine = openDockerEngine();
  const cloud: LocalCloud = {
    engine,
    installation,
    imageName: machineRecipe().imageName,
    sizes: given.LOCAL_MACHINE_SIZES,
    privilege: given.LOCAL_MACHINE_PRIVILEGE,
  };
  const asMachine = (machine: LocalMachine) => machineBehindRouter(machine, given.MACHINES_PORT);

  return {
    id: dockerProvider.id,
    isFree: true,
    checkAvailability: () => checkAvailability(cloud),
    async prepare(progress) {
      await ensureMachineImage({ engine, progress, mayInstall: !given.PAWL_NO_INSTALL }, cacheDir);
    },
    ensureMachine: (spec, signal) => named(async () => asMachine(await ensureLocalMachine(cloud, spec, signal))),
    findMachine: (workspaceId) =>
      named(async () => {
        const machine = await findLocalMachine(cloud, workspaceId);
        return machine && asMachine(machine);
      }),
    listMachines: () => named(async () => (await listLocalMachines(cloud)).map(asMachine)),
    listResources: () => named(() => listLocalResources(cloud, dockerProvider.id)),
    removeMachine: (workspaceId, signal) => named(() => removeInTime(cloud, workspaceId, signal)),
  };
}

async function checkAvailability({ engine, imageName }: LocalCloud): Promise<Availability> {
  try {
    const found = await Promise.race([engine.hasImage(imageName), sleep(patienceMs, undefined, { ref: false })]);
    if (found === undefined) return unavailable(`The Docker engine has not answered for ${patienceMs / 1000} s.`);
    if (!found) return unavailable(`The machine image ${imageName} is not built yet; \`npm start\` builds it.`);
    return { available: true, reason: null };
  } catch (error) {
    return unavailable(noEngine(error));
  }
}

function unavailable(reason: string): Availability {
  return { available: false, reason };
}

async function removeInTime(cloud: LocalCloud, workspaceId: string, signal: AbortSignal): Promise<void> {
  const timeUp = AbortSignal.timeout(removalSeconds * 1000);
  try {
    await removeLocalMachine(cloud, workspaceId, AbortSignal.any([signal, timeUp]));
  } catch (error) {
    if (!timeUp.aborted || signal.aborted) throw error;
    throw failure('StillThere', `The Docker engine has not let go of ${workspaceId} within ${removalSeconds} s.`);
  }
}

/** All local machines share one address; the router tells them apart by name. */
function machineBehindRouter({ id, hostname, ...machine }: LocalMachine, port: number): Machine {
  return {
    ...machine,
    providerId: id,
    accessUrl: `https://${hostname}:${port}/`,
    connectTo: { host: '127.0.0.1', port },
    needsName: false,
    hourlyPrice: null,
  };
}

/** Runs a call to the engine; what goes wrong there leaves under one of the names that workflows know. */
async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const kind = engineErrorKind(error);
    if (kind === undefined || failureNameOf(error) !== undefined) throw error;
    if (kind === 'unreachable') throw failure('ProviderUnavailable', noEngine(error), { cause: error });
    const name = kind === 'refused' || kind === 'capabilities' ? 'ProviderRefused' : 'ProviderUnavailable';
    throw failure(name, `The Docker engine says: ${engineWords(error)}`, { cause: error });
  }
}

function noEngine(error: unknown): string {
  return `No Docker engine answers (${engineWords(error)}). Start it, or set DOCKER_HOST.`;
}
