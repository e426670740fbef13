/** What things at Hetzner cost, taxes included. Hetzner charges until a thing is deleted, also while it is off. */
import type { Money } from '../workflows/contract/resources.ts';
import type { LocationPrice, Pricing, Server, ServerType, Snapshot } from './api.ts';

/** By which Hetzner turns monthly prices into hourly ones. */
const hoursAMonth = 730;

/** By the hour, and for a calendar month at most; `null` where it is not sold. */
export interface Price {
  hourlyPrice: Money | null;
  monthlyPrice: Money | null;
}

/** A server with its IPv4 address. */
export function serverPrice({ type, location, ipv4 }: Server, pricing: Pricing): Price {
  return typePrice(type, location, pricing, ipv4 !== null);
}

/** A server of this type. */
export function typePrice(
  { prices }: Pick<ServerType, 'prices'>,
  location: string,
  pricing: Pricing,
  withIpv4 = true,
): Price {
  const server = priceAt(prices, location);
  if (server === undefined) return { hourlyPrice: null, monthlyPrice: null };
  const address = withIpv4 ? priceAt(pricing.ipv4, location) : undefined;
  return {
    hourlyPrice: money(server.hourly + (address?.hourly ?? 0), pricing),
    monthlyPrice: money(server.monthly + (address?.monthly ?? 0), pricing),
  };
}

/** A snapshot's hour, by its size. */
export function snapshotPrice({ sizeGb }: Snapshot, pricing: Pricing): Money {
  return money((sizeGb * pricing.snapshotGbMonth) / hoursAMonth, pricing);
}

function priceAt(prices: LocationPrice[], location: string): LocationPrice | undefined {
  return prices.find((price) => price.location === location);
}

function money(amount: number, { currency }: Pricing): Money {
  return { micros: Math.round(amount * 1e6), currency };
}
