/** The way to the outside: CONNECT to allowed hosts, and nothing else. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Resolve } from '../../network/resolve.ts';
import type { DoorState } from '../doors/door-state.ts';
import { mayUseProxy } from '../http/run-token.ts';
import { tellRun } from '../run-events.ts';
import type { Services } from '../services.ts';
import { packageRegistries } from './default-hosts.ts';
import { EgressRefusal, findDestination, parseTarget } from './destination.ts';
import type { EgressRules } from './destination.ts';
import { carry, checkServerName, connectTo } from './tunnel.ts';
import type { TunnelLimits } from './tunnel.ts';

const tunnelsAtOnce = 128;
/** So many refused hosts are told of in a run's events; whoever tries more is not helped by reading them. */
const hostsToTell = 50;

export interface EgressOptions {
  /** Besides the package registries. */
  allow: readonly string[];
  allowPrivate: readonly string[];
  limits: TunnelLimits;
  resolve: Resolve;
  port: number;
}

export interface Egress {
  /** Serves one CONNECT. Never rejects. */
  serve(services: Services, state: DoorState, request: IncomingMessage, client: Duplex, head: Buffer): Promise<void>;
}

/** An egress with these rules for every door; a door's policy adds its own. */
export function createEgress(options: EgressOptions): Egress {
  return {
    async serve(services, state, request, client, head) {
      client.on('error', () => client.destroy());
      state.tunnels++;
      services.metrics.tunnels.inc();
      try {
        await serve(options, services, state, request, client, head);
      } catch (error) {
        await refuse(services, state, parseTarget(request.url ?? '').host, client, error);
      } finally {
        state.tunnels--;
        services.metrics.tunnels.dec();
      }
    },
  };
}

async function serve(
  options: EgressOptions,
  { metrics }: Services,
  state: DoorState,
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
): Promise<void> {
  if (!mayUseProxy(request.headers, state.door.token)) {
    const answer = 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="run"\r\n\r\n';
    client.end(answer, () => client.destroy());
    return;
  }
  if (state.tunnels > tunnelsAtOnce) throw new EgressRefusal('limit', 'Too many connections at once.');
  const { host, port } = parseTarget(request.url ?? '');
  const addresses = await findDestination({ host, port }, rulesFor(options, state), options.resolve);
  const server = await connectTo(addresses, host, port);
  server.on('error', () => client.destroy());
  client.once('close', () => server.destroy());
  client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
  if (head.length > 0) client.unshift(head);
  try {
    await checkServerName(client, host);
    metrics.tunnelBytes.inc(await carry(client, server, options.limits));
  } finally {
    // The answer has gone out; from here on the end of the connection is what tells.
    client.destroy();
    server.destroy();
  }
}

function rulesFor({ allow, allowPrivate, port }: EgressOptions, { door }: DoorState): EgressRules {
  const { egress } = door.policy;
  const installation = egress.installation ? [...packageRegistries, ...allow] : [];
  return { allow: [...installation, ...egress.allow], allowPrivate, port };
}

async function refuse(
  services: Services,
  state: DoorState,
  host: string,
  client: Duplex,
  error: unknown,
): Promise<void> {
  const { reason, message } = error instanceof EgressRefusal ? error : { reason: 'unreachable', message: 'It failed.' };
  const body = `${JSON.stringify({ error: 'egress_denied', reason, message })}\n`;
  const head = `HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  if (!client.destroyed) client.end(head + body, () => client.destroy());
  services.metrics.tunnelRefusals.inc({ reason });
  state.log.info({ host: host.slice(0, 253), reason }, 'a connection was refused');
  if (state.refusedHosts.has(host) || state.refusedHosts.size >= hostsToTell) return;
  state.refusedHosts.add(host);
  const data = { host: host.slice(0, 253), reason };
  await tellRun(services, state, { key: `egress-refused:${data.host}`, type: 'egress.refused', data });
}
