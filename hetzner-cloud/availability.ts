/** Whether servers can be made now. */
import type { HetznerCloud } from './cloud.ts';
import { HetznerError } from './errors.ts';

/** `null`, or why not. Asks Hetzner once, for the locations that the settings name. */
export async function whyUnavailable({ api, locations, signal }: HetznerCloud): Promise<string | null> {
  try {
    const known = await api.listLocations();
    const unknown = locations.filter((location) => !known.includes(location));
    if (unknown.length === 0) return null;
    return `Hetzner has no location ${unknown.join(', ')}: set HCLOUD_LOCATIONS to some of ${known.join(', ')}.`;
  } catch (error) {
    if (signal.aborted) return 'Hetzner has not answered in time.';
    if (!(error instanceof HetznerError)) throw error;
    const advice = error.code === 'unauthorized' ? ' Set HCLOUD_TOKEN to a token of the project.' : '';
    return `Hetzner says: ${error.message} (${error.code}).${advice}`;
  }
}
