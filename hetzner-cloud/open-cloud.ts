/** From settings to the cloud that work is done in. */
import { openCatalogue } from './catalogue.ts';
import { openHetznerApi } from './client.ts';
import type { HetznerCloud } from './cloud.ts';
import type { HetznerSettings } from './settings.ts';

/** An order may take its time to be accepted. */
const timeoutMs = 30_000;

/** The cloud for one piece of work at a time, each with its own signal; they share what is known of Hetzner's catalogue. */
export function openHetznerCloud(
  settings: HetznerSettings,
  host: Pick<HetznerCloud, 'installation' | 'log'>,
): (signal?: AbortSignal) => HetznerCloud {
  const connection = { token: settings.HCLOUD_TOKEN, endpoint: settings.HCLOUD_ENDPOINT, timeoutMs };
  const never = new AbortController().signal;
  const shared = {
    installation: host.installation,
    log: host.log,
    catalogue: openCatalogue(openHetznerApi(connection)),
    locations: settings.HCLOUD_LOCATIONS,
    sizes: settings.HCLOUD_SIZES,
    image: settings.HCLOUD_IMAGE,
    sshPublicKey: settings.HCLOUD_SSH_PUBLIC_KEY,
    pollMs: settings.HCLOUD_POLL_INTERVAL,
  };
  return (signal = never) => ({ ...shared, signal, api: openHetznerApi(connection, signal) });
}
