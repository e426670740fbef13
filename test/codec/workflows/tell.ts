import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';
import type { TellActivities } from '../encrypted-workflow.test.ts';

const { repeat, refuse } = proxyActivities<TellActivities>({ startToCloseTimeout: '10 seconds' });

/** Hands what it is told to an activity, and returns what comes back or fails with it. */
export async function tell(secret: string, ending: 'return' | 'fail'): Promise<string> {
  if (ending === 'return') return repeat(secret);
  try {
    return await refuse(secret);
  } catch (cause) {
    throw ApplicationFailure.create({
      nonRetryable: true,
      type: 'ToldToFail',
      message: `failed with ${secret}`,
      details: [{ secret }],
      ...(cause instanceof Error && { cause }),
    });
  }
}
