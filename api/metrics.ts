/** What this process counts, for Prometheus. Labels are route templates: no ids, no names. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  requestSeconds: Histogram<'method' | 'route' | 'status'>;
  sseSubscribers: Gauge;
  heartbeatsReceived: Counter;
  heartbeatsForwarded: Counter;
}

/** A registry of its own for each caller, so that several apps live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'pawl_http_request_seconds',
      help: 'Time from the request to the start of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    sseSubscribers: new Gauge({ name: 'pawl_sse_subscribers', help: 'Event streams open now.', registers }),
    heartbeatsReceived: new Counter({
      name: 'pawl_heartbeats_received_total',
      help: 'Heartbeats from machines.',
      registers,
    }),
    heartbeatsForwarded: new Counter({
      name: 'pawl_heartbeats_forwarded_total',
      help: 'Heartbeats that became signals.',
      registers,
    }),
  };
}
