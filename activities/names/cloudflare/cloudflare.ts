/** Names in a zone at Cloudflare, whose proxy stands before the machines. */
import { z } from 'zod';
import { OnOff } from '../../../config/settings.ts';
import { machineSettings } from '../../../config/settings/machines.ts';
import { workspaceSettings } from '../../../config/settings/workspaces.ts';
import { coveredName, coveredNames } from '../../../workflows/contract/hostnames.ts';
import type { ProviderHost } from '../../providers/provider.ts';
import type { NameProvider, NameProviderDefinition } from '../name-provider.ts';
import { openCloudflareApi } from './api.ts';
import { createAvailabilityCheck } from './availability.ts';
import { certifiedNames, ensureCertificate, revokeCertificates } from './certificates.ts';
import { ensureRecord, type Zone } from './records.ts';
import { removeRecords } from './remove-records.ts';
import { listZoneResources } from './resources.ts';
import { createZoneFinder } from './zone.ts';

const settings = z.object({
  CLOUDFLARE_API_TOKEN: z
    .string()
    .min(1)
    .describe(
      'Token that may edit the zone’s DNS; with `MACHINE_TLS=origin` also its certificates. With it, workspaces get names at Cloudflare.',
    ),
  CLOUDFLARE_BASE_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Another address of Cloudflare’s API.'),
  CLOUDFLARE_ZONE_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .optional()
    .describe('Zone of the names, where the token may not list zones. Otherwise the one that `BASE_DOMAIN` lies in.'),
  DNS_PROXIED: OnOff.default(true).describe('Whether Cloudflare’s proxy stands before the machines: on or off.'),
  BASE_DOMAIN: workspaceSettings.shape.BASE_DOMAIN.refine(
    (domain) => domain.includes('.') && !domain.endsWith('.localhost'),
    {
      error: 'is not set, or no domain that names can be published in',
    },
  ),
  ...machineSettings.pick({ MACHINE_TLS: true }).shape,
});
type Settings = z.infer<typeof settings>;

/** Pages of a big zone take a while; a list that is not whole is none. */
const listingMs = 60_000;

/** Used as soon as there is a `CLOUDFLARE_API_TOKEN`. */
export const cloudflareNames: NameProviderDefinition<typeof settings> = {
  id: 'cloudflare',
  settings,
  create: createCloudflareNames,
};

function createCloudflareNames(given: Settings, { installation }: Pick<ProviderHost, 'installation'>): NameProvider {
  const api = openCloudflareApi({ apiToken: given.CLOUDFLARE_API_TOKEN, baseUrl: given.CLOUDFLARE_BASE_URL });
  const findZoneId = createZoneFinder(api, given.BASE_DOMAIN);
  const openZone = async (signal: AbortSignal): Promise<Zone> => {
    return { api, installation, id: given.CLOUDFLARE_ZONE_ID ?? (await findZoneId(signal)) };
  };
  const hasCertificates = given.MACHINE_TLS === 'origin';

  return {
    id: cloudflareNames.id,
    checkAvailability: createAvailabilityCheck(openZone, { domain: given.BASE_DOMAIN, hasCertificates }),
    async ensureName({ workspaceId, hostname, ipAddress }, signal) {
      const publication = { workspaceId, name: coveredName(hostname), ipAddress, proxied: given.DNS_PROXIED };
      await ensureRecord(await openZone(signal), publication, signal);
    },
    async ensureCertificate({ hostname, csr }, signal) {
      const names = certifiedNames(installation, coveredName(hostname));
      return await ensureCertificate(await openZone(signal), { names, csr }, signal);
    },
    async removeNames(workspaceId, signal) {
      const zone = await openZone(signal);
      const names = coveredNames(workspaceId, given.BASE_DOMAIN);
      await removeRecords(zone, { workspaceId, names }, signal);
      const nameSets = names.map((name) => certifiedNames(installation, name));
      if (hasCertificates) await revokeCertificates(zone, nameSets, signal);
    },
    async listResources() {
      const signal = AbortSignal.timeout(listingMs);
      return await listZoneResources(await openZone(signal), { provider: cloudflareNames.id, hasCertificates }, signal);
    },
  };
}
