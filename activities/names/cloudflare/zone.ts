/** Which zone of the account the names lie in. */
import { failure } from '../../failures.ts';
import type { CloudflareApi } from './api.ts';

/**
 * The id of the zone that holds the domain: of those that the token may see, the one with the longest name. Looked up once;
 * fails, each time anew, when there is none.
 */
export function createZoneFinder(api: CloudflareApi, domain: string): (signal: AbortSignal) => Promise<string> {
  let known: string | undefined;
  return async (signal) => (known ??= await findZoneId(api, domain, signal));
}

async function findZoneId(api: CloudflareApi, domain: string, signal: AbortSignal): Promise<string> {
  for (const name of suffixesOf(domain)) {
    const zone = await api.findZone(name, signal);
    if (zone) return zone.id;
  }
  const advice = `Give the token Zone/Zone/Read for it, or set CLOUDFLARE_ZONE_ID.`;
  throw failure('ProviderRefused', `The token sees no zone that BASE_DOMAIN=${domain} lies in. ${advice}`);
}

/** `a.b.example.com`, `b.example.com`, `example.com` */
function suffixesOf(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
