/** What exists at every provider now, for the ledger. */
import type { Store } from '../store/store.ts';
import { failure } from './failures.ts';
import type { ProviderPlace } from './places.ts';

export interface ResourceDependencies {
  store: Store;
  providerPlaces: readonly ProviderPlace[];
}

export function createResourceActivities({ store, providerPlaces }: ResourceDependencies) {
  /** The ids of all providers that this worker can use. */
  async function readProviders(): Promise<string[]> {
    return providerPlaces.map(({ id }) => id);
  }

  /** Puts everything that the provider has now into the store, or fails. */
  async function readResources({ provider }: { provider: string }): Promise<void> {
    const place = providerPlaces.find(({ id }) => id === provider);
    if (!place) throw failure('ProviderUnavailable', `This worker has no provider "${provider}".`);
    await store.resources.keep(provider, await place.listThings());
  }

  return { readProviders, readResources };
}
