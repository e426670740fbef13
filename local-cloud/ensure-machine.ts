/** Making a machine, so that any call can be repeated after a crash at any instruction. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DockerEngine } from './docker-engine.ts';
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
  /** `ui.<id>.vm.<domain>` */
  hostname: string;
  userData: string;
}

/** Between two looks, while somebody else is at work on the same machine. */
const pollMs = 100;

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
  for (;;) {
    signal.throwIfAborted();
    const [container] = await cloud.engine.listContainers(labels);
    if (container !== undefined && container.State !== 'created') return machineOf(container);
    const moved = container === undefined ? await create(cloud, spec) : await start(cloud, container.Id, spec);
    if (!moved) await sleep(pollMs, undefined, { signal });
  }
}

/** Whether it was created; a name that is taken means that somebody else just did. */
async function create({ engine, ...cloud }: LocalCloud, spec: LocalMachineSpec): Promise<boolean> {
  const limits = limitsFor(spec.size, cloud.sizes, await engine.capacity());
  const privilege = cloud.privilege === 'caps' ? 'caps' : 'privileged';
  const container = containerOptions({ ...cloud, ...spec, limits, privilege });
  return unless('conflict', engine.createContainer(container));
}

/** Whether it was started; a container that is gone was somebody else's to remove. */
async function start(cloud: LocalCloud, id: string, { workspaceId, userData }: LocalMachineSpec): Promise<boolean> {
  try {
    return await unless('missing', seedAndStart(cloud.engine, id, workspaceId, userData));
  } catch (error) {
    if (cloud.privilege === 'privileged' || engineErrorKind(error) !== 'capabilities') throw error;
    // This engine asks for capabilities that its host does not have. The container never ran: make another kind.
    cloud.privilege = 'caps';
    await cloud.engine.removeContainer(id);
    return true;
  }
}

async function seedAndStart(engine: DockerEngine, id: string, workspaceId: string, userData: string): Promise<void> {
  await engine.putArchive(id, packSeed(workspaceId, userData), seedParent);
  await engine.startContainer(id);
}

async function unless(kind: ReturnType<typeof engineErrorKind>, step: Promise<void>): Promise<boolean> {
  try {
    await step;
    return true;
  } catch (error) {
    if (engineErrorKind(error) !== kind) throw error;
    return false;
  }
}
