/** Scheduled: removes what no living workspace owns. A net below the lifecycle, which removes its own things. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { Orphan } from '../../activities/orphans.ts';

const { readOrphans, removeOrphan } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  // The next sweep comes anyway; a sweep that hangs would keep it from starting.
  scheduleToCloseTimeout: '10 minutes',
});

export interface SweepRequest {
  /** Younger things are spared: they may be being made at this moment. */
  minAgeMinutes: number;
}

/** Returns what it found and whether each went. Fails closed: what cannot be told for sure is left alone. */
export async function orphanSweep({ minAgeMinutes }: SweepRequest): Promise<{ orphan: Orphan; removed: boolean }[]> {
  const swept = [];
  for (const orphan of await readOrphans({ minAgeMinutes })) {
    swept.push({ orphan, removed: await removeOrphan(orphan) });
  }
  return swept;
}
