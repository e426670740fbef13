/** What things at Hetzner cost by the hour, taxes included. Hetzner charges until a thing is deleted, also while it is off. */
import type { Money } from '../workflows/contract/resources.ts';
import type { LocationPrice, Pricing, Server, ServerType, Snapshot } from './api.ts';

/** By which Hetzner turns monthly prices into hourly ones. */
const hoursAMonth = 730;

/** A server with its IPv4 address. */
export function serverPrice({ type, location, ipv4 }: Server, pricing: Pricing): Money | null {
  return typePrice(type, location, pricing, ipv4 !== null);
}

/** A server of this type; `null` where it is not sold. */
export function typePrice(
  { prices }: Pick<ServerType, 'prices'>,
  location: string,
  pricing: Pricing,
  withIpv4 = true,
): Money | null {
  const server = hourlyAt(prices, location);
  if (server === undefined) return null;
  const address = withIpv4 ? (hourlyAt(pricing.ipv4, location) ?? 0) : 0;
  return money(server + address, pricing);
}

/** A snapshot, by its size. */
export function snapshotPrice({ sizeGb }: Snapshot, pricing: Pricing): Money {
  return money((sizeGb * pricing.snapshotGbMonth) / hoursAMonth, pricing);
}

function hourlyAt(prices: LocationPrice[], location: string): number | undefined {
  return prices.find((price) => price.location === location)?.hourly;
}

function money(amount: number, { currency }: Pricing): Money {
  return { micros: Math.round(amount * 1e6), currency };
}
