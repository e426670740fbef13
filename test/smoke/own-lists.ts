/** What the providers themselves list of an installation: asked past all code that is put to the test. */
import { z } from 'zod';
import type { SmokeSettings } from './settings.ts';

const answerMs = 30_000;

const Things = z.array(z.looseObject({ id: z.union([z.number(), z.string()]) }));

/** Everything with the installation's mark, such as `servers 4711`. Fails when any list cannot be read. */
export async function listRemains(settings: SmokeSettings, installation: string): Promise<string[]> {
  const lists = [listServers, listRecords, ...(settings.MACHINE_TLS === 'origin' ? [listCertificates] : [])];
  return (await Promise.all(lists.map((list) => list(settings, installation)))).flat();
}

async function listServers({ HCLOUD_TOKEN, HCLOUD_ENDPOINT }: SmokeSettings, installation: string): Promise<string[]> {
  const selector = encodeURIComponent(`io.pawl.installation==${installation}`);
  const kinds = ['servers', 'firewalls', 'ssh_keys', 'images'];
  const lists = kinds.map(async (kind) => {
    const address = `${HCLOUD_ENDPOINT}/${kind}?label_selector=${selector}&per_page=50`;
    const answer = await ask(address, HCLOUD_TOKEN);
    return Things.parse(answer[kind]).map(({ id }) => `${kind} ${id}`);
  });
  return (await Promise.all(lists)).flat();
}

async function listRecords(settings: SmokeSettings, installation: string): Promise<string[]> {
  const zone = await zoneOf(settings);
  const mark = encodeURIComponent(`pawl ${installation} `);
  const { result } = await askCloudflare(settings, `/zones/${zone}/dns_records?comment.startswith=${mark}`);
  return Things.parse(result).map(({ id }) => `dns_records ${id}`);
}

/** They have no comment; a name in each of them says whose it is. Revoked ones are listed for a while. */
async function listCertificates(settings: SmokeSettings, installation: string): Promise<string[]> {
  const Certificates = z.array(
    z.object({ id: z.string(), hostnames: z.array(z.string()), revoked_at: z.string().optional() }),
  );
  const { result } = await askCloudflare(settings, `/certificates?zone_id=${await zoneOf(settings)}&per_page=50`);
  return Certificates.parse(result)
    .filter(({ hostnames, revoked_at }) => !revoked_at && hostnames.some((name) => name.startsWith(`${installation}.`)))
    .map(({ id }) => `certificates ${id}`);
}

async function zoneOf(settings: SmokeSettings): Promise<string> {
  if (settings.CLOUDFLARE_ZONE_ID) return settings.CLOUDFLARE_ZONE_ID;
  for (let name = settings.BASE_DOMAIN; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const [zone] = Things.parse((await askCloudflare(settings, `/zones?name=${name}`))['result']);
    if (zone) return String(zone.id);
  }
  throw new Error(`The token sees no zone that BASE_DOMAIN=${settings.BASE_DOMAIN} lies in.`);
}

async function askCloudflare(
  { CLOUDFLARE_BASE_URL = 'https://api.cloudflare.com/client/v4', CLOUDFLARE_API_TOKEN }: SmokeSettings,
  path: string,
): Promise<Record<string, unknown>> {
  return await ask(`${CLOUDFLARE_BASE_URL}${path}`, CLOUDFLARE_API_TOKEN);
}

async function ask(address: string, token: string): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(address, { headers, signal: AbortSignal.timeout(answerMs) });
  if (response.ok) return (await response.json()) as Record<string, unknown>;
  throw new Error(`${new URL(address).host} answers ${response.status}: ${(await response.text()).slice(0, 300)}`);
}
