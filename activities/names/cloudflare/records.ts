/** The DNS records of workspaces. Ids are never kept: they get lost. A record is found by its mark and by its name. */
import { isIPv6 } from 'node:net';
import { failure } from '../../failures.ts';
import type { AddressRecord, CloudflareApi, RecordContent } from './api.ts';
import { markOf, readMark } from './mark.ts';
import { settle } from './settle.ts';

export interface Zone {
  api: CloudflareApi;
  id: string;
  installation: string;
}

/** What to publish. */
export interface Publication {
  workspaceId: string;
  name: string;
  ipAddress: string;
  proxied: boolean;
}

/** Returns once the zone lists one address record of this name, and it is the wanted one. */
export async function ensureRecord(zone: Zone, publication: Publication, signal: AbortSignal): Promise<void> {
  const wanted = contentOf(zone, publication);
  const isPublished = async (): Promise<boolean> => {
    const records = await recordsNamed(zone, wanted.name, signal);
    refuseForeign(zone, publication.workspaceId, records);
    const right = records.find((record) => isRight(record, wanted));
    if (right && records.length === 1) return true;
    await advance(zone, wanted, records, right, signal);
    return false;
  };
  if (await settle(isPublished, signal)) return;
  throw failure('ProviderUnavailable', `Cloudflare took the record ${wanted.name}, but does not list it.`);
}

function contentOf(zone: Zone, { workspaceId, name, ipAddress, proxied }: Publication): RecordContent {
  const content = normalAddress(ipAddress);
  const comment = markOf(zone.installation, workspaceId);
  return { type: isIPv6(content) ? 'AAAA' : 'A', name, content, proxied, comment, ttl: 1 };
}

/** One step: the first record becomes the wanted one in place, so that the name never leads nowhere; the others go. */
async function advance(
  { api, id: zoneId }: Zone,
  wanted: RecordContent,
  records: AddressRecord[],
  right: AddressRecord | undefined,
  signal: AbortSignal,
): Promise<void> {
  const kept = right ?? records[0];
  if (!kept) return void (await api.createRecord(zoneId, wanted, signal));
  for (const { id } of records) if (id !== kept.id) await api.deleteRecord(zoneId, id, signal);
  if (kept !== right) await api.replaceRecord(zoneId, kept.id, wanted, signal);
}

function isRight({ type, content, proxied, comment }: AddressRecord, wanted: RecordContent): boolean {
  return (
    type === wanted.type &&
    normalAddress(content ?? '') === wanted.content &&
    proxied === wanted.proxied &&
    comment === wanted.comment
  );
}

/** The address records of exactly this name, as the zone lists them now. */
export function recordsNamed({ api, id }: Zone, name: string, signal: AbortSignal): Promise<AddressRecord[]> {
  return api.listRecords(id, { name: { exact: name } }, signal);
}

/** Whether somebody else marked it. Without a mark it is nobody's: the name says that it was ours. */
export function isForeign({ installation }: Zone, workspaceId: string, { comment }: AddressRecord): boolean {
  const mark = readMark(comment);
  return mark !== undefined && (mark.installation !== installation || mark.workspaceId !== workspaceId);
}

function refuseForeign(zone: Zone, workspaceId: string, records: AddressRecord[]): void {
  const foreign = records.find((record) => isForeign(zone, workspaceId, record));
  if (!foreign) return;
  const owner = readMark(foreign.comment)?.installation;
  throw failure('ProviderRefused', `The DNS record ${foreign.name} belongs to the installation ${owner}.`);
}

/** One spelling for each address: `2001:DB8:0::1` is `2001:db8::1`. */
function normalAddress(address: string): string {
  return isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
