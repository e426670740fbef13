import type { LookupAddress } from 'node:dns';
import { isPublicAddress } from '../../network/public-address.ts';
import type { Resolve } from '../../network/resolve.ts';
import { isListed, normalizeHost } from './allow-list.ts';

/** Why a connection is not made; short words for an answer and a metric. */
export class EgressRefusal extends Error {
  override name = 'EgressRefusal';
  readonly reason: 'not allowed' | 'port' | 'unresolved' | 'private address' | 'limit' | 'other name' | 'unreachable';

  constructor(reason: EgressRefusal['reason'], message: string) {
    super(message);
    this.reason = reason;
  }
}

export interface EgressRules {
  /** Hosts that may be reached. */
  allow: readonly string[];
  /** Those of them that may have private addresses. */
  allowPrivate: readonly string[];
  port: number;
}

/** The host and port that a CONNECT names. */
export function parseTarget(target: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(target) ?? [];
  return { host: normalizeHost(host), port: Number(port) };
}

/**
 * The addresses to connect to. They are looked up here, once, and judged after that: whatever a name server says next time
 * does not matter. Rejects with `EgressRefusal`; a name of which one address is private is refused as a whole.
 */
export async function findDestination(
  { host, port }: { host: string; port: number },
  rules: EgressRules,
  resolve: Resolve,
): Promise<LookupAddress[]> {
  if (host === '' || !isListed(host, rules.allow))
    throw new EgressRefusal('not allowed', `${host} is not on the list of allowed hosts.`);
  if (port !== rules.port) throw new EgressRefusal('port', `Only port ${rules.port} may be reached.`);
  const addresses = await resolve(host).catch(() => []);
  if (addresses.length === 0) throw new EgressRefusal('unresolved', `${host} has no address.`);
  const mayBePrivate = isListed(host, rules.allowPrivate);
  if (!mayBePrivate && !addresses.every(({ address }) => isPublicAddress(address))) {
    throw new EgressRefusal('private address', `${host} has an address that is not public.`);
  }
  return addresses;
}
