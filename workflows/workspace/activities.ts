/** The activities a workspace calls, each with the reason for its time-outs and retries. */
import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { finalFailures } from '../contract/failures.ts';

/** Appending to the event log takes milliseconds; a local activity costs one history event instead of six. */
export const { recordEvents } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '100 milliseconds', maximumInterval: '10 seconds' },
});

const provisioningRetry = {
  initialInterval: '1 second',
  maximumInterval: '30 seconds',
  nonRetryableErrorTypes: finalFailures,
} as const;

/** A provider may prepare an image first, so one try may be long; the heartbeat tells a dead worker within seconds. */
export function ensureMachineWithin(timeLeftMs: number): Activities['ensureMachine'] {
  return proxyActivities<Activities>({
    scheduleToCloseTimeout: timeLeftMs,
    heartbeatTimeout: '20 seconds',
    summary: 'create the machine, or find it',
    // Removal must not start before creation has ended. To be said: left out, the SDK's real default is TRY_CANCEL.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    retry: provisioningRetry,
  }).ensureMachine;
}

/** Removal must not look for names before publishing has ended. */
const naming = {
  heartbeatTimeout: '20 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: provisioningRetry,
} as const;

/** A try waits for the provider's lists to show what was done; a dead worker is told by the missing heartbeat. */
export function ensureNameWithin(timeLeftMs: number): Activities['ensureName'] {
  return proxyActivities<Activities>({ ...naming, scheduleToCloseTimeout: timeLeftMs, summary: 'publish the name' })
    .ensureName;
}

export function ensureCertificateWithin(timeLeftMs: number): Activities['ensureCertificate'] {
  return proxyActivities<Activities>({ ...naming, scheduleToCloseTimeout: timeLeftMs, summary: 'sign the certificate' })
    .ensureCertificate;
}

/**
 * One try is one HTTPS request; the retries are the waiting. They slow down: each asks the provider where the machine is,
 * and a provider counts requests.
 */
export function waitForTerminalWithin(timeLeftMs: number): Activities['waitForTerminal'] {
  return proxyActivities<Activities>({
    scheduleToCloseTimeout: timeLeftMs,
    startToCloseTimeout: '15 seconds',
    summary: 'the terminal answers through TLS and password',
    // It changes nothing, so a stop does not wait for its end.
    cancellationType: 'TRY_CANCEL',
    retry: {
      ...provisioningRetry,
      ...{ initialInterval: '500 milliseconds', backoffCoefficient: 1.5, maximumInterval: '5 seconds' },
    },
  }).waitForTerminal;
}

/** A look at the machine is given up after a while: the next one follows anyway. */
export const { readMachine } = proxyActivities<Activities>({
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '10 minutes',
  summary: 'look at the machine',
  cancellationType: 'TRY_CANCEL',
  retry: { maximumInterval: '30 seconds' },
});

/** Removal never gives up: what was made must go, however long its provider is away. */
const removalRetry = { initialInterval: '1 second', maximumInterval: '1 minute' } as const;

const removal = { startToCloseTimeout: '5 minutes', heartbeatTimeout: '20 seconds', retry: removalRetry } as const;

export const { removeMachine } = proxyActivities<Activities>({
  ...removal,
  summary: 'remove the machine, until nothing is left of it',
});

export const { removeNames } = proxyActivities<Activities>({
  ...removal,
  summary: 'remove its names, until none is published',
});

/** Deleting rows takes milliseconds: who has not answered by then is dead. */
export const { removeSecrets } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  summary: 'forget its secrets',
  retry: removalRetry,
});
