/** What lies around without a workflow that would remove it: found exactly, removed carefully. */
import { log, metricMeter } from '@temporalio/activity';
import type { Store } from '../store/store.ts';
import type { Orphan, OwnedOrphan } from '../workflows/contract/upkeep.ts';
import { failure } from './failures.ts';
import { whileHeartbeating } from './heartbeat.ts';
import type { Place, Thing } from './places.ts';

export interface OrphanDependencies {
  store: Store;
  /** Where to look, the store's secrets among them. */
  places: readonly Place[];
  /** Whether the workspace's lifecycle is running. Rejects when that cannot be told: then nothing is removed. */
  isLive: (workspaceId: string) => Promise<boolean>;
}

export interface OrphanRequest {
  place: string;
  minAgeMinutes: number;
}

export function createOrphanActivities({ store, places, isLive }: OrphanDependencies) {
  /** The ids of all places, in the order in which they are told. */
  async function readPlaces(): Promise<string[]> {
    return places.map(({ id }) => id);
  }

  /**
   * What lies in this place for workspaces that are not live. A workspace that has anything younger than `minAgeMinutes`
   * is spared whole: it may be being made at this moment. Fails when any part of the place cannot be read: a partial
   * answer could hide a live one.
   */
  async function readOrphans({ place, minAgeMinutes }: OrphanRequest): Promise<OwnedOrphan[]> {
    const before = ago(minAgeMinutes).getTime();
    const orphans: OwnedOrphan[] = [];
    for (const [workspaceId, things] of Map.groupBy(await placeOf(place).listThings(), ownerOf)) {
      const isOld = things.every(({ createdAt }) => Date.parse(createdAt) < before);
      if (workspaceId === null || !isOld || (await isLive(workspaceId))) continue;
      orphans.push({ place, workspaceId, things: things.map(nameOf) });
    }
    orphans.forEach(tell);
    return orphans;
  }

  /** Removes it, unless its workspace came to life meanwhile. Returns whether it was removed. */
  async function removeOrphan(orphan: OwnedOrphan): Promise<boolean> {
    const { place, workspaceId } = orphan;
    if (await isLive(workspaceId)) return false;
    await whileHeartbeating((signal) => placeOf(place).removeThingsOf(workspaceId, signal));
    await noteRemoval(orphan);
    return true;
  }

  /** What was shared in this place, and is used by nothing any more; each thing by itself. */
  async function readUnused({ place, minAgeMinutes }: OrphanRequest): Promise<Orphan[]> {
    const things = (await placeOf(place).listUnused?.(ago(minAgeMinutes))) ?? [];
    const unused = things.map((thing) => ({ place, workspaceId: null, things: [nameOf(thing)] }));
    unused.forEach(tell);
    return unused;
  }

  /** Removes that, and returns what it removed. */
  async function removeUnused({ place, minAgeMinutes }: OrphanRequest): Promise<Orphan[]> {
    const things = await whileHeartbeating(async (signal) => placeOf(place).removeUnused?.(ago(minAgeMinutes), signal));
    const removed = (things ?? []).map((thing) => ({ place, workspaceId: null, things: [nameOf(thing)] }));
    for (const orphan of removed) await noteRemoval(orphan);
    return removed;
  }

  return { readPlaces, readOrphans, removeOrphan, readUnused, removeUnused };

  function placeOf(id: string): Place {
    const found = places.find((place) => place.id === id);
    if (found) return found;
    // Retried: a worker that has this place may come.
    throw failure('ProviderUnavailable', `This worker has no provider "${id}".`);
  }

  async function noteRemoval({ place, workspaceId, things }: Orphan): Promise<void> {
    metricMeter.createCounter('pawl_orphans_removed', '', 'Leftovers removed.').add(1, { place });
    const subject = workspaceId === null ? `provider:${place}` : `workspace:${workspaceId}`;
    await store.audit.record({ actor: 'orphan-sweep', action: 'orphan.remove', subject, details: { place, things } });
  }
}

function ago(minutes: number): Date {
  return new Date(Date.now() - minutes * 60_000);
}

function ownerOf({ workspaceId }: Thing): string | null {
  return workspaceId;
}

function nameOf({ kind, id }: Thing): Orphan['things'][number] {
  return { kind, id };
}

function tell(orphan: Orphan): void {
  log.warn('found an orphan', { ...orphan });
  metricMeter.createCounter('pawl_orphans_found', '', 'Leftovers seen.').add(1, { place: orphan.place });
}
