import type { Benchmark } from './benchmark.ts';
import { concurrency } from './concurrency/benchmark.ts';
import { events } from './events/benchmark.ts';
import { fleet } from './fleet/benchmark.ts';
import { history } from './history/benchmark.ts';
import { machines } from './machines/benchmark.ts';
import { runs } from './runs/benchmark.ts';
import { server } from './server/benchmark.ts';
import { steps } from './steps/benchmark.ts';

/** All of them, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  ...[steps, server, history, fleet, machines],
  ...[runs, events, concurrency],
];
