/**
 * What stands between Hetzner's answers and hcloud-js, which knows the API of March 2021: every answer is judged here, and
 * what the library cannot do without is filled in.
 */
import type { HcloudResponse } from 'hcloud-js';
import { z } from 'zod';
import { HetznerError, ownError } from './errors.ts';

/** Longer than this it is not worth waiting for at once: requests come back one by one, every second. */
const longestWaitSeconds = 60;

const ErrorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Throws `HetznerError` unless the answer is a success and JSON; returns what hcloud-js can read. */
export function judgeAnswer(response: HcloudResponse): HcloudResponse {
  const { status, data } = response;
  const isJson = typeof data === 'object' && data !== null;
  if (status >= 300) throw errorOf(response);
  if (status !== 204 && !isJson) throw ownError('no_json', `HTTP ${status} with something that is not JSON.`);
  if (isJson) fillServers(data);
  return response;
}

/** Throws what was no answer at all as `HetznerError`. The client's own error holds the token, so it goes no further. */
export function renameError(error: unknown): never {
  if (error instanceof HetznerError) throw error;
  // An answer that breaks off makes hcloud-js itself stumble.
  if (error instanceof TypeError) throw ownError('no_answer', 'The answer broke off.');
  const { code, message } = error as { code?: string; message?: string };
  throw ownError('no_answer', message || code || 'The connection broke.');
}

function errorOf({ status, headers, data }: HcloudResponse): HetznerError {
  const told = ErrorBody.safeParse(data).data?.error;
  const code = told?.code ?? (status === 429 ? 'rate_limit_exceeded' : 'no_json');
  const message = told?.message ?? `HTTP ${status}`;
  const retryAfterSeconds = status === 429 ? waitOf(headers) : undefined;
  return new HetznerError(message, { code, status, retryAfterSeconds });
}

/** By Hetzner's clock, not by ours. `RateLimit-Reset` is when the whole budget is back; the first requests are so sooner. */
function waitOf(headers: HcloudResponse['headers']): number {
  const now = Date.parse(headers['date'] ?? '') || Date.now();
  const untilReset = Number(headers['ratelimit-reset']) - now / 1000;
  const seconds = Number(headers['retry-after'] ?? NaN) || untilReset || 1;
  return Math.min(Math.max(Math.ceil(seconds), 1), longestWaitSeconds);
}

/** hcloud-js throws at a server without a datacenter or an IPv4 address, after the server was made. */
function fillServers(data: object): void {
  const { server, servers } = data as { server?: RawServer; servers?: RawServer[] };
  for (const one of [...(servers ?? []), ...(server ? [server] : [])]) fillServer(one);
}

function fillServer(server: RawServer): void {
  server.datacenter ??= { location: server.location };
  server.private_net ??= [];
  server.public_net.floating_ips ??= [];
  server.public_net.ipv4 ??= { ip: '' };
  server.public_net.ipv6 ??= { ip: '' };
  server.public_net.ipv6.dns_ptr ??= [];
}

interface RawServer {
  location: object;
  datacenter?: object | null;
  private_net?: object[] | null;
  public_net: {
    floating_ips?: unknown[];
    ipv4?: object | null;
    ipv6?: { ip: string; dns_ptr?: unknown[] | null } | null;
  };
}
