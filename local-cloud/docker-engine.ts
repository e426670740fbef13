/** The Docker engine as Pawl uses it; the only file that knows its client library. */
import type { Readable } from 'node:stream';
import Docker from 'dockerode';

export interface DockerEngine {
  /** What the engine's host has. */
  capacity(): Promise<{ cpus: number; memoryBytes: number }>;
  /** The address of the engine's host on the bridge that containers join by default, whether or not any runs now. */
  bridgeAddress(): Promise<string | undefined>;
  hasImage(name: string): Promise<boolean>;
  /** Pulls an image; `onProgress` hears of every sign of life. */
  pullImage(name: string, onProgress: (line: string) => void, signal: AbortSignal): Promise<void>;
  /** Makes an image of a root file system. */
  importImage(rootFileSystem: Readable, name: string): Promise<void>;
  /** Builds an image from a tar of its context. Fails with the build's own last words. */
  buildImage(context: Readable, build: ImageBuild): Promise<void>;
  /** The image with its name as a tar, as `docker load` takes it. */
  saveImage(name: string): Promise<NodeJS.ReadableStream>;
  listImages(label: string): Promise<{ id: string; names: string[]; createdAt: Date }[]>;
  /** Removes an image unless something uses it. */
  removeImageIfUnused(id: string): Promise<void>;
  createContainer(container: ContainerOptions): Promise<void>;
  /** Unpacks a tar into a container, running or not. */
  putArchive(container: string, tar: Readable, folder: string): Promise<void>;
  /** Starts a container; running already is fine. */
  startContainer(container: string): Promise<void>;
  /** Every container, running or not, with all of these labels. */
  listContainers(labels: Labels): Promise<ContainerListing[]>;
  /** Sends a signal to a container's first process; one that does not run hears nothing, and that is fine. */
  signalContainer(id: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when the container does not run: how it ended, or `undefined` when it is gone. */
  waitForContainer(id: string, signal: AbortSignal): Promise<ContainerExit | undefined>;
  /** Kills and removes a container with its anonymous volumes; gone already is fine. */
  removeContainer(id: string): Promise<void>;
  listVolumes(labels: Labels): Promise<Volume[]>;
  /** Removes a volume; gone already, or still in use, is no error. */
  removeVolume(name: string): Promise<void>;
}

/** The client's types lack the namespace of control groups. */
export type ContainerOptions = Docker.ContainerCreateOptions & {
  HostConfig: Docker.HostConfig & { CgroupnsMode: 'private' };
};
export type ContainerListing = Docker.ContainerInfo;
export type Labels = Record<string, string>;

export interface ContainerExit {
  code: number;
  isOutOfMemory: boolean;
}

export interface Volume {
  name: string;
  labels: Labels;
  createdAt: Date;
}

export interface ImageBuild {
  name: string;
  /** Which file of the context says how. */
  dockerfile: string;
  buildArguments: Record<string, string>;
  onLine: (line: string) => void;
}

/** The engine that `DOCKER_HOST` names, or the one at the usual socket. Nothing is contacted yet. */
export function openDockerEngine(): DockerEngine {
  const docker = new Docker();
  return { ...images(docker), ...containers(docker), ...volumes(docker) };
}

function images(docker: Docker) {
  return {
    async capacity() {
      const { NCPU: cpus, MemTotal: memoryBytes } = (await docker.info()) as { NCPU: number; MemTotal: number };
      return { cpus, memoryBytes };
    },
    async bridgeAddress() {
      const { IPAM } = (await docker.getNetwork('bridge').inspect()) as { IPAM: Docker.IPAM };
      const [config] = IPAM.Config ?? [];
      // An engine that was given no address of its own takes the first of the subnet, and does not always say so.
      return config?.Gateway ?? (config?.Subnet && firstAddressOf(config.Subnet));
    },
    async hasImage(name: string) {
      return (await unless([404], docker.getImage(name).inspect())) !== undefined;
    },
    async pullImage(name: string, onProgress: (line: string) => void, signal: AbortSignal) {
      const output = await docker.pull(name, { abortSignal: signal });
      await follow(docker, output, ({ status }) => onProgress(status ?? ''));
    },
    async importImage(rootFileSystem: Readable, name: string) {
      const [repo, tag] = name.split(':');
      await follow(docker, await docker.importImage(rootFileSystem, { repo, tag }));
    },
    async buildImage(context: Readable, { name, dockerfile, buildArguments: buildargs, onLine }: ImageBuild) {
      const output = await docker.buildImage(context, { t: name, dockerfile, buildargs, rm: true, forcerm: true });
      await follow(docker, output, ({ stream }) => onLine(stream?.trimEnd() ?? ''));
    },
    saveImage: (name: string) => docker.getImage(name).get(),
    async listImages(label: string) {
      const found = await docker.listImages({ filters: { label: [label] } });
      return found.map(({ Id, RepoTags, Created }) => ({
        id: Id,
        names: RepoTags ?? [],
        createdAt: new Date(Created * 1000),
      }));
    },
    async removeImageIfUnused(id: string) {
      await unless([404, 409], docker.getImage(id).remove());
    },
  };
}

/** `172.17.0.0/16` → `172.17.0.1` */
function firstAddressOf(subnet: string): string {
  return subnet.replace(/(\d+)\/\d+$/, (_, lastByte: string) => String(Number(lastByte) + 1));
}

function containers(docker: Docker) {
  return {
    async createContainer(container: ContainerOptions) {
      await docker.createContainer(container);
    },
    async putArchive(container: string, tar: Readable, path: string) {
      await docker.getContainer(container).putArchive(tar, { path });
    },
    async startContainer(container: string) {
      await unless([304], docker.getContainer(container).start());
    },
    listContainers: (labels: Labels) => docker.listContainers({ all: true, filters: { label: filterOf(labels) } }),
    async signalContainer(id: string, signal: 'SIGTERM' | 'SIGKILL') {
      await unless([404, 409], docker.getContainer(id).kill({ signal }));
    },
    async waitForContainer(id: string, abortSignal: AbortSignal) {
      const container = docker.getContainer(id);
      if (!(await unless([404], container.wait({ abortSignal })))) return undefined;
      const inspected = await unless([404], container.inspect());
      return inspected && { code: inspected.State.ExitCode, isOutOfMemory: inspected.State.OOMKilled };
    },
    async removeContainer(id: string) {
      // 409: somebody else removes it at this moment.
      await unless([404, 409], docker.getContainer(id).remove({ force: true, v: true }));
    },
  };
}

function volumes(docker: Docker) {
  return {
    async listVolumes(labels: Labels) {
      const { Volumes } = await docker.listVolumes({ filters: { label: filterOf(labels) } });
      return ((Volumes as (Docker.VolumeInspectInfo & { CreatedAt: string })[] | null) ?? []).map((volume) => ({
        name: volume.Name,
        labels: volume.Labels,
        createdAt: new Date(volume.CreatedAt),
      }));
    },
    async removeVolume(name: string) {
      await unless([404, 409], docker.getVolume(name).remove());
    },
  };
}

function filterOf(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`);
}

interface ProgressEvent {
  status?: string;
  stream?: string;
  error?: string;
}

/** Waits for the end of a long call; an error among its events is a failure although the call itself was a success. */
function follow(docker: Docker, output: NodeJS.ReadableStream, onEvent?: (event: ProgressEvent) => void) {
  return new Promise<void>((resolve, reject) => {
    const done = (failed: Error | null, events: ProgressEvent[]) => {
      const error = failed ?? events.find((event) => event.error)?.error;
      if (error) reject(error instanceof Error ? error : new Error(error));
      else resolve();
    };
    docker.modem.followProgress(output, done, onEvent);
  });
}

/** The answer, or `undefined` when it is an error of one of these statuses. */
async function unless<T>(statuses: number[], answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (statuses.includes((error as { statusCode?: number }).statusCode ?? 0)) return undefined;
    throw error;
  }
}
