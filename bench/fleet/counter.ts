import { percentile } from '../report/statistics.ts';
import type { Latencies } from './load-order.ts';

export interface Counter {
  /** Waits for a request's milliseconds; a failed one counts apart. */
  count(isCounted: boolean, request: Promise<number>): Promise<void>;
  summary(): Latencies;
}

export function createCounter(): Counter {
  const samples: number[] = [];
  let failed = 0;
  return {
    async count(isCounted, request) {
      try {
        const ms = await request;
        if (isCounted) samples.push(ms);
      } catch {
        if (isCounted) failed += 1;
      }
    },
    summary: () => ({
      count: samples.length,
      failed,
      p50Ms: percentile(samples, 0.5),
      p99Ms: percentile(samples, 0.99),
      maxMs: percentile(samples, 1),
    }),
  };
}
