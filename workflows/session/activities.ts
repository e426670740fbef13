/** The activities a session calls, each with the reason for its time-outs and retries. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { RunUpkeepSteps } from '../contract/run-steps.ts';

/** One row; see `recordEvents` for why it is local. */
export const { readCheckpoint } = proxyLocalActivities<RunUpkeepSteps>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 milliseconds', maximumInterval: '10 seconds' },
});

/** As long as a run may take, with its waiting for a runner. */
export const { waitForRun } = proxyActivities<RunUpkeepSteps>({
  startToCloseTimeout: '30 days',
  heartbeatTimeout: '20 seconds',
  summary: 'wait for a run that an earlier execution has started',
  retry: { maximumInterval: '30 seconds' },
});
