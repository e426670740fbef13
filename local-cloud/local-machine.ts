/** What a local machine is, as the engine tells it. */
import type { ContainerListing, DockerEngine, Labels, Volume } from './docker-engine.ts';
import { hostnameLabel, installationLabel, workspaceLabel, workspaceLabels } from './labels.ts';
import type { Privilege } from './machine-container.ts';
import type { MachineSizes } from './machine-sizes.ts';

/** Where local machines live, and how they are made there. */
export interface LocalCloud {
  engine: DockerEngine;
  /** Marks what is ours; machines of other installations are never seen. */
  installation: string;
  imageName: string;
  sizes: MachineSizes;
  /** `auto` until the engine has refused its own flag once. */
  privilege: Privilege | 'auto';
}

export interface LocalMachine {
  id: string;
  workspaceId: string;
  hostname: string;
  state: 'starting' | 'running' | 'stopped';
  ipAddress: string | null;
  createdAt: Date;
}

/** The machine with this workspace's labels, or `undefined`. */
export async function findLocalMachine(cloud: LocalCloud, workspaceId: string): Promise<LocalMachine | undefined> {
  const [machine] = await machinesWith(cloud.engine, workspaceLabels(cloud.installation, workspaceId));
  return machine;
}

/** Everything with this installation's label. */
export function listLocalMachines({ engine, installation }: LocalCloud): Promise<LocalMachine[]> {
  return machinesWith(engine, { [installationLabel]: installation });
}

/** A volume whose container is gone still counts: it is what a half-done removal leaves. */
async function machinesWith(engine: DockerEngine, labels: Labels): Promise<LocalMachine[]> {
  const [containers, volumes] = await Promise.all([engine.listContainers(labels), engine.listVolumes(labels)]);
  const machines = containers.filter(({ Labels }) => workspaceLabel in Labels).map(machineOf);
  const known = new Set(machines.map(({ workspaceId }) => workspaceId));
  const remains = volumes.filter((volume) => workspaceLabel in volume.labels).map(remainsOf);
  return [...machines, ...remains.filter(({ workspaceId }) => !known.has(workspaceId))];
}

/** The machine that a container is. */
export function machineOf({ Id, Labels, State, Created, NetworkSettings }: ContainerListing): LocalMachine {
  const [network] = Object.values(NetworkSettings.Networks);
  return {
    id: Id,
    workspaceId: Labels[workspaceLabel] ?? '',
    hostname: Labels[hostnameLabel] ?? '',
    state: stateOf(State),
    ipAddress: network?.IPAddress || null,
    createdAt: new Date(Created * 1000),
  };
}

function remainsOf({ name, labels, createdAt }: Volume): LocalMachine {
  const { [workspaceLabel]: workspaceId = '', [hostnameLabel]: hostname = '' } = labels;
  return { id: name, workspaceId, hostname, state: 'stopped', ipAddress: null, createdAt };
}

function stateOf(state: string): LocalMachine['state'] {
  if (state === 'created') return 'starting';
  return state === 'running' ? 'running' : 'stopped';
}
