import { z } from 'zod';
import { docker } from '../../test/support/docker.ts';

const HostConfig = z.object({ Privileged: z.boolean(), NanoCpus: z.number(), Memory: z.number() });

/** The rights and limits of a running machine of Pawl's, as flags of `docker run`. */
export async function flagsLike(container: string): Promise<string[]> {
  const inspected: unknown = JSON.parse(await docker('inspect', '--format', '{{json .HostConfig}}', container));
  const { Privileged, NanoCpus, Memory } = HostConfig.parse(inspected);
  const limits = ['--cpus', String(NanoCpus / 1e9), '--memory', String(Memory), '--memory-swap', String(Memory)];
  return [...(Privileged ? ['--privileged'] : capabilities), ...limits];
}

/** For engines that refuse `--privileged`; see `local-cloud/machine-container.ts`. */
const capabilities = [
  ...['--cap-add', 'ALL', '--cap-drop', 'SYS_RESOURCE', '--device-cgroup-rule', 'a *:* rwm'],
  ...['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'].flatMap((one) => ['--security-opt', one]),
];
