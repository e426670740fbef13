/** The activities that a build calls, each with the reason for its time-outs and retries. */
import { proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { finalFailures } from '../contract/failures.ts';

const makingRetry = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes: finalFailures,
} as const;

/** The removal must not start before the making has ended; a dead worker is told by the missing heartbeat. */
const making = {
  heartbeatTimeout: '20 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: makingRetry,
} as const;

/** A provider that has no room now may have some soon. */
export const { ensureImageBuilder } = proxyActivities<Activities>({
  ...making,
  scheduleToCloseTimeout: '15 minutes',
  summary: 'order the builder, or find it',
});

/** It waits for nothing; what it would have seen is seen by the next look. */
export const { readImageBuilder } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  summary: 'look at the builder',
  cancellationType: 'TRY_CANCEL',
  retry: makingRetry,
});

/** A snapshot of a few gigabytes takes minutes; Hetzner has been seen to take half an hour. */
export const { saveMachineImage } = proxyActivities<Activities>({
  ...making,
  scheduleToCloseTimeout: '45 minutes',
  summary: 'make the image of the builder, or find it',
});

const removal = {
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '20 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
} as const;

/** Removal never gives up: what was made must go, however long its provider is away. */
export const { removeImageBuild } = proxyActivities<Activities>({
  ...removal,
  summary: 'remove the builder, until nothing is left of it',
});

/** Old images cost cents, and the sweep takes what is left of them. */
export const { removeOlderImages } = proxyActivities<Activities>({
  ...removal,
  scheduleToCloseTimeout: '15 minutes',
  summary: 'remove the images that this one takes the place of',
});
