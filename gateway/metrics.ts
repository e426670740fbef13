/** What the gateway counts, for Prometheus. Labels are few: no runs, no hosts, no models. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SocketAddress } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import { SettingsError } from '../config/settings.ts';

export interface Metrics {
  registry: Registry;
  doors: Gauge;
  requests: Counter<'route' | 'status'>;
  tokens: Counter<'api' | 'kind'>;
  budgetRefusals: Counter<'api'>;
  refreshes: Counter<'outcome'>;
  tunnels: Gauge;
  tunnelBytes: Counter;
  tunnelRefusals: Counter<'reason'>;
  events: Counter;
}

/** A registry of its own for each caller, so that several gateways live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter({ name: `pawl_gateway_${name}`, help, labelNames, registers });
  return {
    registry,
    doors: new Gauge({ name: 'pawl_gateway_doors', help: 'Doors open now.', registers }),
    requests: counter('requests_total', 'Requests through doors.', 'route', 'status'),
    tokens: counter('model_tokens_total', 'Tokens that models took in and gave.', 'api', 'kind'),
    budgetRefusals: counter('budget_refusals_total', 'Calls refused since the budget was spent.', 'api'),
    refreshes: counter('oauth_refreshes_total', 'Access tokens renewed, or not.', 'outcome'),
    tunnels: new Gauge({ name: 'pawl_gateway_tunnels', help: 'Connections to the outside open now.', registers }),
    tunnelBytes: counter('tunnel_bytes_total', 'Bytes of these connections, both ways.'),
    tunnelRefusals: counter('tunnel_refusals_total', 'Connections refused.', 'reason'),
    events: counter('events_total', 'Events from agent hosts.'),
  };
}

/** Serves the metrics at `address:port`, or not at all for `off`; rejects with `SettingsError` when that cannot be had. */
export async function serveMetrics(registry: Registry, address: string): Promise<Server | undefined> {
  const at = SocketAddress.parse(address);
  if (!at) return undefined;
  const server = createServer((_, response) => {
    void registry.metrics().then((text) => response.setHeader('Content-Type', registry.contentType).end(text));
  });
  server.listen(at.port, at.address);
  await once(server, 'listening').catch((error: Error) => {
    throw new SettingsError(`Cannot listen on ${address} (${error.message}). Another: GATEWAY_METRICS_ADDRESS.`);
  });
  return server;
}
