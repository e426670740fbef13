/** What lies around without a workflow that would remove it: found exactly, removed carefully. */
import { log, metricMeter } from '@temporalio/activity';
import type { Store } from '../store/store.ts';
import type { Orphan } from '../workflows/contract/upkeep.ts';
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
   * What lies in this place for workspaces that are not live, and what nobody uses any more. A workspace that has
   * anything younger than `minAgeMinutes` is spared whole: it may be being made at this moment. Fails when any part of
   * the place cannot be read: a partial answer could hide a live one.
   */
  async function readOrphans({ place: id, minAgeMinutes }: OrphanRequest): Promise<Orphan[]> {
    const place = placeOf(id);
    const before = Date.now() - minAgeMinutes * 60_000;
    const groups = Map.groupBy(await place.listThings(), ({ workspaceId }) => workspaceId);
    const orphans = await unusedThings(place, before);
    for (const [workspaceId, things] of groups) {
      if (workspaceId === null || !areOlder(things, before) || (await isLive(workspaceId))) continue;
      orphans.push({ place: id, workspaceId, things: things.map(nameOf) });
    }
    orphans.forEach(tell);
    return orphans;
  }

  /** Removes it, unless its workspace came to life meanwhile. Returns whether it was removed. */
  async function removeOrphan(orphan: Orphan): Promise<boolean> {
    const { workspaceId } = orphan;
    const place = placeOf(orphan.place);
    if (workspaceId !== null && (await isLive(workspaceId))) return false;
    await whileHeartbeating(async (signal) => {
      if (workspaceId !== null) await place.removeThingsOf(workspaceId, signal);
      else for (const unused of orphan.things) await place.removeUnused(unused, signal);
    });
    metricMeter.createCounter('pawl_orphans_removed', '', 'Leftovers removed.').add(1, { place: place.id });
    await audit(orphan);
    return true;
  }

  return { readPlaces, readOrphans, removeOrphan };

  function placeOf(id: string): Place {
    const found = places.find((place) => place.id === id);
    if (found) return found;
    // Retried: a worker that has this place may come.
    throw failure('ProviderUnavailable', `This worker has no provider "${id}".`);
  }

  async function unusedThings(place: Place, before: number): Promise<Orphan[]> {
    const old = (await place.listUnused()).filter((thing) => areOlder([thing], before));
    return old.map((thing) => ({ place: place.id, workspaceId: null, things: [nameOf(thing)] }));
  }

  async function audit({ place, workspaceId, things }: Orphan): Promise<void> {
    const subject = workspaceId === null ? `provider:${place}` : `workspace:${workspaceId}`;
    await store.audit.record({ actor: 'orphan-sweep', action: 'orphan.remove', subject, details: { place, things } });
  }
}

function areOlder(things: readonly Thing[], before: number): boolean {
  return things.every(({ createdAt }) => Date.parse(createdAt) < before);
}

function nameOf({ kind, id }: Thing): Orphan['things'][number] {
  return { kind, id };
}

function tell(orphan: Orphan): void {
  log.warn('found an orphan', { ...orphan });
  metricMeter.createCounter('pawl_orphans_found', '', 'Leftovers seen.').add(1, { place: orphan.place });
}
