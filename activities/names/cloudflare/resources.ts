/** What an installation has at Cloudflare now. */
import { X509Certificate } from 'node:crypto';
import type { Resource } from '../../../workflows/contract/resources.ts';
import { workspaceIdIn } from '../../../workflows/contract/hostnames.ts';
import type { AddressRecord, OriginCertificate } from './api.ts';
import { markPrefix, readMark } from './mark.ts';
import type { Zone } from './records.ts';

/** Every record and certificate with exactly the installation's mark; nothing of it costs anything. */
export async function listZoneResources(
  zone: Zone,
  { provider, hasCertificates }: { provider: string; hasCertificates: boolean },
  signal: AbortSignal,
): Promise<Resource[]> {
  const filter = { comment: { startswith: markPrefix(zone.installation) } };
  const [records, certificates] = await Promise.all([
    zone.api.listRecords(zone.id, filter, signal),
    hasCertificates ? zone.api.listCertificates(zone.id, signal) : [],
  ]);
  return [
    ...records.flatMap((record) => recordResource(zone.installation, provider, record)),
    ...certificates.flatMap((certificate) => certificateResource(zone.installation, provider, certificate)),
  ];
}

function recordResource(installation: string, provider: string, record: AddressRecord): Resource[] {
  const mark = readMark(record.comment);
  if (mark?.installation !== installation) return [];
  const { id, name, created_on: createdAt } = record;
  const { workspaceId } = mark;
  return [{ provider, kind: 'dns-record', id, name, workspaceId, createdAt: isoTime(createdAt), hourlyPrice: null }];
}

/** Its mark is a name below its workspace's own, see `certifiedNames`. */
function certificateResource(installation: string, provider: string, certificate: OriginCertificate): Resource[] {
  const { id, hostnames } = certificate;
  const [name] = hostnames.filter((one) => !one.startsWith(`${installation}.`));
  const own = name?.replace(/^\*\./, '');
  if (hostnames.length !== 2 || name === undefined || !hostnames.includes(`${installation}.${own}`)) return [];
  const workspaceId = workspaceIdIn(name) ?? null;
  const { validFrom } = new X509Certificate(certificate.certificate);
  return [{ provider, kind: 'certificate', id, name, workspaceId, createdAt: isoTime(validFrom), hourlyPrice: null }];
}

function isoTime(text: string): string {
  return new Date(text).toISOString();
}
