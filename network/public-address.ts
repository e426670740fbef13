/** Which addresses are out in the world. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** Azure's host answers machines at this address, which looks like any other. */
const looksPublic = new Set(['168.63.129.16']);

/** What of IPv6 is given out at all; everything else has a meaning of its own. */
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether packets to this address leave for the internet: no loopback, no private network, no neighbour, no metadata service,
 * no IPv4 address in the clothes of IPv6, and not this host by its own public address.
 */
export function isPublicAddress(address: string): boolean {
  // The library also takes numbers and short forms for addresses.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.process(address);
  if (parsed.range() !== 'unicast' || looksPublic.has(parsed.toString())) return false;
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(globalUnicast)) return false;
  return !isOwnAddress(parsed);
}

function isOwnAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  const own = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return own.some((one) => ipaddr.process(one.address).toNormalizedString() === address.toNormalizedString());
}
