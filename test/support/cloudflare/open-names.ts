/** The real provider of names, over the stand-in. */
import type { NameProvider } from '../../../activities/names/name-provider.ts';
import { cloudflareNames } from '../../../activities/names/cloudflare/cloudflare.ts';
import { readSettings } from '../../../config/settings.ts';
import type { FakeCloudflare } from './fake-cloudflare.ts';

/** For names below the stand-in's zone, unless the settings say otherwise. */
export function openCloudflareNames(
  { token, baseUrl, zone }: FakeCloudflare,
  { installation = 'pawl-test', ...settings }: { installation?: string } & NodeJS.Dict<string> = {},
): NameProvider {
  const environment = {
    CLOUDFLARE_API_TOKEN: token,
    CLOUDFLARE_BASE_URL: baseUrl,
    BASE_DOMAIN: zone.name,
    ...settings,
  };
  return cloudflareNames.create(readSettings(cloudflareNames.settings, environment), { installation });
}
