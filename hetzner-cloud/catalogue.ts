/** What Hetzner sells and for how much. It changes rarely, so it is kept for a while. */
import type { HetznerApi, Pricing, ServerType } from './api.ts';
import { hasCode } from './errors.ts';
import { kept } from './kept.ts';

export interface Catalogue {
  serverTypes(): Promise<ServerType[]>;
  pricing(): Promise<Pricing>;
}

const keptMs = 60 * 60 * 1000;

/** What is known where the API shows no prices but those of the servers. */
const serversOnly: Pricing = { currency: 'EUR', ipv4: [], snapshotGbMonth: 0 };

/** A catalogue that asks at most once an hour, unless asking failed. */
export function openCatalogue(api: HetznerApi): Catalogue {
  return { serverTypes: kept(() => api.listServerTypes(), keptMs), pricing: kept(() => readPricing(api), keptMs) };
}

async function readPricing(api: HetznerApi): Promise<Pricing> {
  try {
    return await api.readPricing();
  } catch (error) {
    if (hasCode(error, 'not_found', 'forbidden', 'deprecated_api_endpoint')) return serversOnly;
    throw error;
  }
}
