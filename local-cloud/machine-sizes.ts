/** How big local machines are. */
import { z } from 'zod';
import type { MachineLimits } from './machine-container.ts';

const gib = 1024 ** 3;

/** `small=2x4,medium=4x8,…`: CPUs x GiB by size. */
export const MachineSizes = z
  .string()
  .regex(/^([a-z]+=\d+(\.\d+)?x\d+(\.\d+)?)(,[a-z]+=\d+(\.\d+)?x\d+(\.\d+)?)*$/, 'not of the form small=2x4,medium=4x8')
  .transform((text) => new Map(text.split(',').map(sizeOf)));
export type MachineSizes = z.infer<typeof MachineSizes>;

function sizeOf(entry: string): [string, MachineLimits] {
  const [, name = '', cpus, memoryGib] = /^(.+)=(.+)x(.+)$/.exec(entry) ?? [];
  return [name, { cpus: Number(cpus), memoryBytes: Number(memoryGib) * gib }];
}

/** The limits of a size, cut to what the engine has; an unknown size has no limits but the engine's. */
export function limitsFor(size: string, sizes: MachineSizes, capacity: MachineLimits): MachineLimits {
  const wanted = sizes.get(size) ?? capacity;
  return {
    cpus: Math.min(wanted.cpus, capacity.cpus),
    memoryBytes: Math.floor(Math.min(wanted.memoryBytes, capacity.memoryBytes)),
  };
}
