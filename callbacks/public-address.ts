import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Azure's host answers machines at this address, which looks like any other. */
const looksPublic = '168.63.129.16';

/** What of IPv6 is given out at all; everything else has a meaning of its own. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether packets to this address leave for the internet: no loopback, no private network, no neighbour, no metadata service,
 * no IPv4 address in the clothes of IPv6, and not this host by its own public address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === looksPublic) return false;
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) return false;
  return !ownAddresses().includes(parsed.toNormalizedString());
}

function ownAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.map(({ address }) => ipaddr.process(address).toNormalizedString());
}
