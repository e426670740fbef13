/** How a container is set up so that systemd, cloud-init and Docker feel at home in it. */
import type { ContainerOptions } from './docker-engine.ts';
import { hostnameLabel, workspaceLabels } from './labels.ts';

export interface MachineContainer {
  installation: string;
  workspaceId: string;
  /** Of the terminal, see `workflows/contract/hostnames.ts`. */
  hostname: string;
  imageName: string;
  limits: MachineLimits;
  privilege: Privilege;
}

export interface MachineLimits {
  cpus: number;
  memoryBytes: number;
}

/**
 * `privileged` is the engine's own flag. `caps` grants the same piece by piece, without the one capability that some
 * sandboxes withhold and on which older engines then fail.
 */
export type Privilege = 'privileged' | 'caps';

/** A container's name, unique on its engine: of two that create one machine at the same time, one is told so. */
export function containerName(installation: string, workspaceId: string): string {
  return `${installation}-${workspaceId}`;
}

/** What the engine is asked to create. */
export function containerOptions(machine: MachineContainer): ContainerOptions {
  const { installation, workspaceId, hostname, imageName, limits, privilege } = machine;
  const labels = { ...workspaceLabels(installation, workspaceId), [hostnameLabel]: hostname };
  return {
    name: containerName(installation, workspaceId),
    Image: imageName,
    Hostname: workspaceId,
    Labels: labels,
    ExposedPorts: { '443/tcp': {} },
    HostConfig: {
      ...privileges[privilege],
      CgroupnsMode: 'private',
      Tmpfs: { '/run': 'mode=755', '/run/lock': '', '/tmp': 'exec,mode=1777' },
      // The engine inside needs a real file system for its layers. Without a name, so that it goes with its container;
      // with labels, so that it is found if it does not.
      Mounts: [{ Type: 'volume', Source: '', Target: '/var/lib/docker', VolumeOptions: volumeLabels(labels) }],
      PortBindings: { '443/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      ExtraHosts: ['host.docker.internal:host-gateway'],
      NanoCpus: Math.round(limits.cpus * 1e9),
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
    },
  };
}

function volumeLabels(labels: Record<string, string>) {
  return { NoCopy: true, Labels: labels, DriverConfig: { Name: 'local', Options: {} } };
}

const privileges: Record<Privilege, Partial<ContainerOptions['HostConfig']>> = {
  privileged: { Privileged: true },
  caps: {
    CapAdd: ['ALL'],
    CapDrop: ['SYS_RESOURCE'],
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    MaskedPaths: [],
    ReadonlyPaths: [],
    DeviceCgroupRules: ['a *:* rwm'],
  },
};
