import { z } from 'zod';
import { LoadMachine } from './machine.ts';

/** What the load generator is told, as JSON on its standard input. */
export const LoadOrder = z.object({
  url: z.string(),
  machineUrl: z.string(),
  ownerToken: z.string(),
  machines: z.array(LoadMachine),
  beatSeconds: z.number(),
  /** Reads of random workspaces by their owner. */
  readsPerSecond: z.number(),
  /** Seconds before anything is counted, and seconds that count. */
  warmUpSeconds: z.number(),
  windowSeconds: z.number(),
});
export type LoadOrder = z.infer<typeof LoadOrder>;

const Latencies = z.object({
  count: z.number(),
  failed: z.number(),
  p50Ms: z.number(),
  p99Ms: z.number(),
  maxMs: z.number(),
});
export type Latencies = z.infer<typeof Latencies>;

/** What it measured, as JSON on its standard output. */
export const LoadResult = z.object({ beats: Latencies, reads: Latencies });
export type LoadResult = z.infer<typeof LoadResult>;
