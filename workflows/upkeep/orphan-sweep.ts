/** Scheduled: removes what no living workspace owns. A net below the lifecycle, which removes its own things. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Orphan, OwnedOrphan, SweepReport, SweepRequest, SweptOrphan } from '../contract/upkeep.ts';
import { reasonOf } from './reason.ts';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  // The next sweep comes anyway; a sweep that hangs would keep it from starting.
  scheduleToCloseTimeout: '10 minutes',
});

/**
 * Returns what it found and what became of it. Fails closed: what cannot be told for sure is left alone. Places go side by
 * side: one that is away hides nothing that lies in the others.
 */
export async function orphanSweep({ minAgeMinutes, mode = 'remove' }: SweepRequest): Promise<SweepReport> {
  const report: SweepReport = { orphans: [], unreadable: [] };
  const places = await activities.readPlaces();
  await Promise.all(places.map((place) => sweepPlace(place)));
  return report;

  async function sweepPlace(place: string): Promise<void> {
    try {
      const request = { place, minAgeMinutes };
      for (const orphan of await activities.readOrphans(request)) {
        report.orphans.push(mode === 'remove' ? await sweep(orphan) : reported(orphan));
      }
      // Behind the rest: what the last machine used is used by nothing any more.
      if (mode === 'remove') report.orphans.push(...(await activities.removeUnused(request)).map(removed));
      else report.orphans.push(...(await activities.readUnused(request)).map(reported));
      await activities.closeForgottenAccounts(request);
    } catch (error) {
      report.unreadable.push({ place, reason: reasonOf(error) });
    }
  }
}

/** What cannot be removed now must not keep the rest from being removed. */
async function sweep(orphan: OwnedOrphan): Promise<SweptOrphan> {
  try {
    return (await activities.removeOrphan(orphan)) ? removed(orphan) : { ...orphan, outcome: 'spared', reason: null };
  } catch (error) {
    return { ...orphan, outcome: 'failed', reason: reasonOf(error) };
  }
}

function removed(orphan: Orphan): SweptOrphan {
  return { ...orphan, outcome: 'removed', reason: null };
}

function reported(orphan: Orphan): SweptOrphan {
  return { ...orphan, outcome: 'reported', reason: null };
}
