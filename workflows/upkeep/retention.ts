/** Scheduled: forgets records and blobs past their time. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';

const { removeExpiredRecords } = proxyActivities<Activities>({
  startToCloseTimeout: '5 minutes',
  scheduleToCloseTimeout: '1 hour',
});

const { removeExpiredBlobs } = proxyActivities<Activities>({
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '20 seconds',
});

export interface RetentionRequest {
  /** For records. */
  days: number;
  /** For blobs; runs that were scheduled before there were any have none. */
  blobDays?: number;
}

/** Returns how many of each kind went. */
export async function retention({ days, blobDays }: RetentionRequest): Promise<Record<string, number>> {
  const records = await removeExpiredRecords({ days });
  return blobDays === undefined ? records : { ...records, ...(await removeExpiredBlobs({ days: blobDays })) };
}
