/** Scheduled: forgets records past their time. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';

const { removeExpiredRecords } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 hour',
});

/** Returns how many records of each kind went. */
export async function retention({ days }: { days: number }): Promise<Record<string, number>> {
  return await removeExpiredRecords({ days });
}
