/** CPU time of the containers on this machine. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** CPU milliseconds by container, from control groups of version 2 or 1, whichever the machine has. */
export function containerCpuMs(cgroups = '/sys/fs/cgroup'): Record<string, number> {
  return { ...fromVersion2(path.join(cgroups, 'system.slice')), ...fromVersion1(path.join(cgroups, 'cpuacct/docker')) };
}

function fromVersion2(folder: string): Record<string, number> {
  return collect(
    folder,
    /^docker-(.+)\.scope$/,
    'cpu.stat',
    (text) => Number(/usage_usec (\d+)/.exec(text)?.[1]) / 1e3,
  );
}

function fromVersion1(folder: string): Record<string, number> {
  return collect(folder, /^([0-9a-f]{12,})$/, 'cpuacct.usage', (text) => Number(text) / 1e6);
}

function collect(
  folder: string,
  container: RegExp,
  file: string,
  toMs: (text: string) => number,
): Record<string, number> {
  if (!existsSync(folder)) return {};
  const used: Record<string, number> = {};
  for (const name of readdirSync(folder)) {
    const id = container.exec(name)?.[1];
    const counter = path.join(folder, name, file);
    if (id !== undefined && existsSync(counter)) used[id] = toMs(readFileSync(counter, 'utf8'));
  }
  return used;
}
