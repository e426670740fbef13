/** The activities a run calls, each with the reason for its time-outs and retries. */
import { proxyActivities, proxyLocalActivities, type ActivityOptions, type RetryPolicy } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import type { createPublishActivities } from '../../activities/publish.ts';
import type { createPullRequestActivities } from '../../activities/pull-request.ts';
import type { createRepositoryActivities } from '../../activities/repository.ts';
import { finalFailures } from '../contract/failures.ts';
import type { RunnerSteps, RunUpkeepSteps } from '../contract/run-steps.ts';
import type { HeldPlace, RunInput } from '../contract/run.ts';
import type { Run } from './run.ts';

/** Appending to the event log takes milliseconds; a local activity costs one history event instead of six. */
export const { recordEvents } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 milliseconds', maximumInterval: '10 seconds' },
});

const retry: RetryPolicy = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes: finalFailures,
};

/** A dead worker is told by the missing heartbeat within seconds, however long the work may take. */
const heartbeatTimeout = '20 seconds';

/** Rows, and some seconds in which a provider may answer: who has not answered by then is dead. */
export const { checkCredentials } = proxyActivities<RunUpkeepSteps>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  retry,
});

/** What the turn before left comes along, and may be large. */
export const { writeJob } = proxyActivities<RunUpkeepSteps>({
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout,
  retry,
});

/** What has to be done at the end is tried for as long as it takes. */
const untilDone: RetryPolicy = { initialInterval: '1 second', maximumInterval: '1 minute' };

/** Rows again. */
export const { forgetRun } = proxyActivities<RunUpkeepSteps>({ startToCloseTimeout: '10 seconds', retry: untilDone });

/** What the turn leaves may be large as well. */
export const { saveSession } = proxyActivities<RunUpkeepSteps>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout,
  retry: untilDone,
});

type PublishActivities = ReturnType<typeof createPublishActivities>;

/** A repository may be large, and its server may be away for a while. */
const withRepository: ActivityOptions = {
  startToCloseTimeout: '30 minutes',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout,
  retry,
};

/** The activity itself gives up a server that is away sooner: the run holds a place meanwhile. */
export const { prepareRepository } = proxyActivities<ReturnType<typeof createRepositoryActivities>>({
  ...withRepository,
  summary: 'clone, for the agent to work on',
  cancellationType: 'TRY_CANCEL',
});

/** The last word waits for it, so a server that does not answer is not waited for. */
export const { keepDiff } = proxyActivities<PublishActivities>({
  ...withRepository,
  scheduleToCloseTimeout: '10 minutes',
  retry: { ...retry, maximumAttempts: 3 },
  summary: 'keep what changed as a diff',
});

/** Whether it was pushed has to be known before the final word. */
export const { publishBranch } = proxyActivities<PublishActivities>({
  ...withRepository,
  summary: 'publish through the gate',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

/** A few calls, whose answers are there within seconds; their host may be away for a while, too. */
export const { openPullRequest } = proxyActivities<ReturnType<typeof createPullRequestActivities>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: '1 hour',
  ...{ heartbeatTimeout, retry },
  summary: 'find or open the pull request',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

/**
 * Waits in the queue for as long as it takes, and then for as long as the run needs the place. One try: a lost place is asked for
 * again by the run, which knows where.
 */
export function holdRunnerAt(
  taskQueue: string,
  { priority, fairnessKey, runnerLostSeconds }: RunInput,
  isAgain: boolean,
): RunnerSteps['holdRunner'] {
  return proxyActivities<RunnerSteps>({
    taskQueue,
    startToCloseTimeout: '7 days',
    ...(isAgain && { scheduleToStartTimeout: runnerLostSeconds * 1000 }),
    heartbeatTimeout,
    summary: 'hold a place on a runner',
    cancellationType: 'TRY_CANCEL',
    retry: { maximumAttempts: 1 },
    priority: { priorityKey: priority, fairnessKey },
  }).holdRunner;
}

/** A step that nobody takes from the runner's queue for so long tells that the runner is lost. */
function atRunner({ runnerLostSeconds }: RunInput, { queue }: HeldPlace): ActivityOptions {
  return { taskQueue: queue, scheduleToStartTimeout: runnerLostSeconds * 1000, heartbeatTimeout, retry };
}

/** The image may have to be built first, once on each runner. */
export function runnerAt({ input }: Run, place: HeldPlace) {
  const minute = proxyActivities<RunnerSteps>({
    ...atRunner(input, place),
    startToCloseTimeout: '5 minutes',
    // An engine that is away for so long is no place to work.
    scheduleToCloseTimeout: '1 hour',
  });
  const long = proxyActivities<RunnerSteps>({
    ...atRunner(input, place),
    startToCloseTimeout: '40 minutes',
    scheduleToCloseTimeout: '2 hours',
    summary: 'see to it that the agent runs',
    // Nothing may be stopped or removed before this has ended.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  });
  const { stopAgent, collectResults } = minute;
  return { stopAgent, collectResults, ensureAgentContainer: long.ensureAgentContainer };
}

export function waitForAgentAt({ input }: Run, place: HeldPlace, leftMs: number): RunnerSteps['waitForAgent'] {
  return proxyActivities<RunnerSteps>({
    ...atRunner(input, place),
    scheduleToCloseTimeout: leftMs,
    summary: 'the agent works',
    // Who cancels does not wait for the next heartbeat: the agent is stopped at once.
    cancellationType: 'TRY_CANCEL',
  }).waitForAgent;
}

/** Removal gives up only with its runner: what was made there must go, however long its engine is away. */
export function removeRemainsAt({ input }: Run, place: HeldPlace): RunnerSteps['removeRunRemains'] {
  return proxyActivities<RunnerSteps>({
    ...atRunner(input, place),
    startToCloseTimeout: '5 minutes',
    summary: 'remove container, volume and door, until none is left',
    retry: { initialInterval: '1 second', maximumInterval: '1 minute' },
  }).removeRunRemains;
}
