/** Removing the records of a workspace, until the zone itself says that there is none. */
import { failure, failureNameOf } from '../../failures.ts';
import type { AddressRecord } from './api.ts';
import { markOf } from './mark.ts';
import { isForeign, recordsNamed, type Zone } from './records.ts';
import { settle } from './settle.ts';

export interface Removal {
  workspaceId: string;
  /** Every name that the workspace may have had. */
  names: readonly string[];
}

/**
 * Returns once the zone lists no record that bears the workspace's mark or, unless somebody else marked it, one of these
 * names. Lists may lag behind and show nothing of a record that was made a moment ago, by a call whose answer got lost. So
 * an empty list is believed only when this call has removed a record, or found the names to be free.
 */
export async function removeRecords(zone: Zone, removal: Removal, signal: AbortSignal): Promise<void> {
  let isProven = false;
  const isGone = async (): Promise<boolean> => {
    const records = await recordsOf(zone, removal, signal);
    for (const { id } of records) isProven = (await zone.api.deleteRecord(zone.id, id, signal)) || isProven;
    if (records.length > 0) return false;
    return (isProven ||= await areFree(zone, removal, signal));
  };
  if (await settle(isGone, signal)) return;
  throw failure('StillThere', `Cloudflare still has records of ${removal.workspaceId}.`);
}

async function recordsOf(zone: Zone, { workspaceId, names }: Removal, signal: AbortSignal): Promise<AddressRecord[]> {
  const mark = markOf(zone.installation, workspaceId);
  const found = await zone.api.listRecords(zone.id, { comment: { exact: mark } }, signal);
  for (const name of names) found.push(...(await recordsNamed(zone, name, signal)));
  const ours = found.filter((record) => !isForeign(zone, workspaceId, record));
  return [...new Map(ours.map((record) => [record.id, record])).values()];
}

async function areFree(zone: Zone, { workspaceId, names }: Removal, signal: AbortSignal): Promise<boolean> {
  for (const name of names) if (!(await isFree(zone, workspaceId, name, signal))) return false;
  return true;
}

/** Whether nothing of ours has the name: Cloudflare gives a second address to none, whatever its lists show. */
async function isFree(zone: Zone, workspaceId: string, name: string, signal: AbortSignal): Promise<boolean> {
  try {
    const id = await zone.api.occupyName(zone.id, { name, comment: markOf(zone.installation, workspaceId) }, signal);
    if (id !== undefined) return await zone.api.deleteRecord(zone.id, id, signal);
    return (await recordsNamed(zone, name, signal)).some((record) => isForeign(zone, workspaceId, record));
  } catch (error) {
    // Whatever is wrong with the name, no proof is to be had: the lists must do.
    if (['ProviderRefused', 'QuotaExceeded'].includes(failureNameOf(error) ?? '')) return true;
    throw error;
  }
}
