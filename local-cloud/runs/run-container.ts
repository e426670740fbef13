/** How the container is set up in which an agent works: no network, no capability, and nothing of its host but one door. */
import type { ContainerOptions } from '../docker-engine.ts';
import { runLabels } from '../labels.ts';
import type { MachineLimits } from '../machine-container.ts';

export type RunContainer = RunWork & {
  installation: string;
  runId: string;
  imageName: string;
  /** Folder with the socket and the token; the only thing of the host that is seen inside. */
  doorFolder: string;
  limits: MachineLimits;
};

/** This agent's work; or handing in what an agent left whose host could not. */
export type RunWork = { mode: 'work'; agent: string } | { mode: 'collect' };

/** Says for which of the two a container was made. */
export const modeLabel = 'io.pawl.run-mode';

/** As in `agent-host/image/Dockerfile`. */
const agentUser = '1000:1000';

/** Many times what a build in parallel needs, and far from what a host has. */
const maxProcesses = 2048;

/** The name of a run's container and of its volume, unique on the engine. */
export function runContainerName(installation: string, runId: string): string {
  return `${installation}-${runId}`;
}

/** What the engine is asked to create. */
export function runContainerOptions(run: RunContainer): ContainerOptions {
  const { installation, runId, imageName, mode, limits } = run;
  const labels = runLabels(installation, runId);
  return {
    name: runContainerName(installation, runId),
    Image: imageName,
    Cmd: run.mode === 'collect' ? ['--collect'] : ['--agent', run.agent],
    Hostname: runId,
    User: agentUser,
    Labels: { ...labels, [modeLabel]: mode },
    HostConfig: {
      ...fence,
      Mounts: [doorMount(run), volumeMount(run)],
      NanoCpus: Math.round(limits.cpus * 1e9),
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
    },
  };
}

const fence: ContainerOptions['HostConfig'] = {
  NetworkMode: 'none',
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  ReadonlyRootfs: true,
  PidsLimit: maxProcesses,
  // Build tools run programs that they have just made there.
  Tmpfs: { '/tmp': 'rw,exec,nosuid,nodev,size=512m' },
  CgroupnsMode: 'private',
  // What a program prints there is for the operator only; a chatty one does not fill the disk.
  LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '2' } },
};

function doorMount({ doorFolder }: RunContainer) {
  return { Type: 'bind' as const, Source: doorFolder, Target: '/run/gw', ReadOnly: true };
}

/** Named, so that it outlives the container: its agent goes on from it in another one. */
function volumeMount({ installation, runId }: RunContainer) {
  const Labels = runLabels(installation, runId);
  const VolumeOptions = { NoCopy: false, Labels, DriverConfig: { Name: 'local', Options: {} } };
  return { Type: 'volume' as const, Source: runContainerName(installation, runId), Target: '/work', VolumeOptions };
}
