import { z } from 'zod';
import { runnerSettings } from '../../config/settings/runners.ts';
import { openDockerEngine } from '../../local-cloud/docker-engine.ts';
import { runContainerOptions } from '../../local-cloud/runs/run-container.ts';

const Options = z.object({
  User: z.string(),
  HostConfig: z.object({
    ...{ CapDrop: z.array(z.string()), SecurityOpt: z.array(z.string()), PidsLimit: z.number(), Memory: z.number() },
    ...{ MemorySwap: z.number(), NanoCpus: z.number(), CgroupnsMode: z.string(), ReadonlyRootfs: z.literal(true) },
    Tmpfs: z.record(z.string(), z.string()),
    LogConfig: z.object({ Config: z.record(z.string(), z.string()) }),
  }),
});

/** The rights and limits of a run's container, with the settings that a runner has by default, as flags of `docker run`. */
export async function flagsOfRuns(imageName: string): Promise<string[]> {
  const { RUN_CPUS, RUN_MEMORY_MB } = runnerSettings.parse({});
  const { cpus, memoryBytes } = await openDockerEngine().capacity();
  const limits = { cpus: Math.min(RUN_CPUS, cpus), memoryBytes: Math.min(RUN_MEMORY_MB * 1024 ** 2, memoryBytes) };
  const run = { installation: 'bench', runId: 'run-bench', doorFolder: '/', mode: 'work' as const, agent: 'command' };
  const { User, HostConfig } = Options.parse(runContainerOptions({ ...run, imageName, limits }));
  return [
    ...[`--user=${User}`, '--read-only', `--cgroupns=${HostConfig.CgroupnsMode}`, '--mount=type=volume,target=/work'],
    ...[`--pids-limit=${HostConfig.PidsLimit}`, `--cpus=${HostConfig.NanoCpus / 1e9}`],
    ...[`--memory=${HostConfig.Memory}`, `--memory-swap=${HostConfig.MemorySwap}`],
    ...HostConfig.CapDrop.map((capability) => `--cap-drop=${capability}`),
    ...HostConfig.SecurityOpt.map((option) => `--security-opt=${option}`),
    ...Object.entries(HostConfig.Tmpfs).map(([place, how]) => `--tmpfs=${place}:${how}`),
    ...Object.entries(HostConfig.LogConfig.Config).map(([name, value]) => `--log-opt=${name}=${value}`),
  ];
}
