import { lookup } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';

const resolveMs = 10_000;

/** Finds the addresses of a name. */
export type Resolve = (host: string) => Promise<LookupAddress[]>;

/** As the system does it, within reason. */
export const resolveBySystem: Resolve = async (host) => {
  const addresses = lookup(host, { all: true });
  addresses.catch(() => undefined);
  return Promise.race([addresses, timeout()]);
};

function timeout(): Promise<never> {
  return new Promise((_, reject) => setTimeout(reject, resolveMs, new Error('no answer')).unref());
}
