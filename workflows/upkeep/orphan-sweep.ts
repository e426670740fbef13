/** Scheduled: removes what no living workspace owns. A net below the lifecycle, which removes its own things. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Orphan, SweepReport, SweepRequest, SweptOrphan } from '../contract/upkeep.ts';
import { reasonOf } from './reason.ts';

const { readPlaces, readOrphans, removeOrphan, closeForgottenAccounts } = proxyActivities<Activities>({
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
  const places = await readPlaces();
  await Promise.all(places.map((place) => sweepPlace(place)));
  return report;

  async function sweepPlace(place: string): Promise<void> {
    try {
      for (const orphan of await readOrphans({ place, minAgeMinutes })) {
        report.orphans.push(mode === 'remove' ? await sweep(orphan) : { ...orphan, outcome: 'reported', reason: null });
      }
      await closeForgottenAccounts({ place, minAgeMinutes });
    } catch (error) {
      report.unreadable.push({ place, reason: reasonOf(error) });
    }
  }
}

/** What cannot be removed now must not keep the rest from being removed. */
async function sweep(orphan: Orphan): Promise<SweptOrphan> {
  try {
    const isRemoved = await removeOrphan(orphan);
    return { ...orphan, outcome: isRemoved ? 'removed' : 'spared', reason: null };
  } catch (error) {
    return { ...orphan, outcome: 'failed', reason: reasonOf(error) };
  }
}
