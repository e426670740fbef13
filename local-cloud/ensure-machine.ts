/** Making a machine, so that any call can be repeated after a crash at any instruction. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerListing } from './docker-engine.ts';
import { engineErrorKind } from './engine-errors.ts';
import { workspaceLabels } from './labels.ts';
import { machineOf } from './local-machine.ts';
import type { LocalCloud, LocalMachine } from './local-machine.ts';
import { containerOptions } from './machine-container.ts';
import { limitsFor } from './machine-sizes.ts';
import { packSeed, seedParent } from './seed.ts';

export interface LocalMachineSpec {
  workspaceId: string;
  size: string;
  /** Of the terminal, see `workflows/contract/hostnames.ts`. */
  hostname: string;
  userData: string;
}

/** Between two looks, while somebody else is at work on the same machine. */
const pollMs = 100;

/** Turns in vain after which it is no longer somebody else's work that is in the way. */
const patienceTurns = 50;

/**
 * Creates the machine unless there is one, seeds and starts it unless it ever ran. Every turn looks at what there is and
 * takes one step from there; whoever takes the same steps at the same time does no harm.
 */
export async function ensureLocalMachine(
  cloud: LocalCloud,
  spec: LocalMachineSpec,
  signal: AbortSignal,
): Promise<LocalMachine> {
  const labels = workspaceLabels(cloud.installation, spec.workspaceId);
  for (let turnsLeft = patienceTurns; ; turnsLeft -= 1) {
    signal.throwIfAborted();
    const [container] = await cloud.engine.listContainers(labels);
    if (container !== undefined && !['created', 'removing'].includes(container.State)) return machineOf(container);
    try {
      await advance(cloud, spec, container);
    } catch (error) {
      if (!isSomebodyElses(error) || turnsLeft === 0) throw error;
      await sleep(pollMs, undefined, { signal });
    }
  }
}

/** One step from what there is towards a machine that runs. */
async function advance(cloud: LocalCloud, spec: LocalMachineSpec, container?: ContainerListing): Promise<void> {
  if (container?.State === 'created') await start(cloud, container.Id, spec);
  else await create(cloud, spec);
}

/** The name is taken: somebody else just created it, or is still removing it. The container is gone: somebody else just removed it. */
function isSomebodyElses(error: unknown): boolean {
  return ['conflict', 'missing'].includes(engineErrorKind(error) ?? '');
}

async function create({ engine, ...cloud }: LocalCloud, spec: LocalMachineSpec): Promise<void> {
  const limits = limitsFor(spec.size, cloud.sizes, await engine.capacity());
  const privilege = cloud.privilege === 'caps' ? 'caps' : 'privileged';
  await engine.createContainer(containerOptions({ ...cloud, ...spec, limits, privilege }));
}

async function start(cloud: LocalCloud, id: string, { workspaceId, userData }: LocalMachineSpec): Promise<void> {
  try {
    await cloud.engine.putArchive(id, packSeed(workspaceId, userData), seedParent);
    await cloud.engine.startContainer(id);
  } catch (error) {
    if (cloud.privilege === 'privileged' || engineErrorKind(error) !== 'capabilities') throw error;
    // This engine asks for capabilities that its host does not have. The container never ran: make another kind.
    cloud.privilege = 'caps';
    await cloud.engine.removeContainer(id);
  }
}
