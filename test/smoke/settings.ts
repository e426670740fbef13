/** What the smoke test needs to know, by the product's own settings. */
import { z } from 'zod';
import { cloudflareNames } from '../../activities/names/cloudflare/cloudflare.ts';
import { readSettings, SettingsError } from '../../config/settings.ts';
import { listenerSettings } from '../../config/settings/listeners.ts';
import { hetznerSettings } from '../../hetzner-cloud/settings.ts';

const settings = z.object({
  ...hetznerSettings.shape,
  ...cloudflareNames.settings.shape,
  ...listenerSettings.pick({ MACHINE_API_PORT: true }).shape,
  BASE_DOMAIN: z.string({ error: 'is not set' }).regex(/\.[a-z]/, 'is no domain in DNS'),
  CLOUDFLARE_API_TOKEN: z.string({ error: 'is not set' }),
  MACHINE_API_URL: z.url({ error: 'is not set, or no URL', protocol: /^https?$/ }),
});
export type SmokeSettings = z.infer<typeof settings>;

/** Fails with `SettingsError`, which tells everything that is needed and what of it is missing. */
export function readSmokeSettings(environment: NodeJS.ProcessEnv): SmokeSettings {
  try {
    return readSettings(settings, environment);
  } catch (error) {
    if (error instanceof SettingsError) throw new SettingsError(`${needs}\n\n${error.message}`);
    throw error;
  }
}

const needs = `The smoke test makes a server in a real Hetzner project and a record in a real zone, and removes both. It needs
  HCLOUD_TOKEN          of the project, for reading and writing
  CLOUDFLARE_API_TOKEN  that may edit the DNS of the zone
  BASE_DOMAIN           in that zone
  MACHINE_API_URL       a public URL that leads to port MACHINE_API_PORT (3101) of this host: its own address, or a tunnel
It costs about a cent. docs/operations.md tells more.`;
