/** The delivery of one callback: apart from what it tells of, which does not wait for it. */
import { CancellationScope, isCancellation, proxyActivities, setHandler } from '@temporalio/workflow';
import type { Activities } from '../../activities/index.ts';
import { redriveRequestedSignal, type CallbackDeliveryInput, type CallbackStatus } from '../contract/callback.ts';
import { finalFailures } from '../contract/failures.ts';

const { ensureCallback, giveUpCallback } = proxyActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', nonRetryableErrorTypes: finalFailures },
});

const { sendCallback } = proxyActivities<Activities>({
  summary: 'POST it, until the receiver takes it',
  // Longer than a receiver may take to answer.
  startToCloseTimeout: '25 seconds',
  scheduleToCloseTimeout: '24 hours',
  // A delivery that begins anew does not wait for the old one to notice.
  cancellationType: 'TRY_CANCEL',
  retry: {
    initialInterval: '5 seconds',
    backoffCoefficient: 2,
    maximumInterval: '1 hour',
    nonRetryableErrorTypes: finalFailures,
  },
});

/** The wish for another delivery, and how to stop waiting for the one under way. */
interface Redrive {
  isWanted: boolean;
  interrupt: () => void;
}

/** Returns how it ended. Whoever asks for another delivery meanwhile gets it at once. */
export async function callbackDelivery({ callbackId, order }: CallbackDeliveryInput): Promise<CallbackStatus> {
  const redrive: Redrive = { isWanted: false, interrupt: () => undefined };
  setHandler(redriveRequestedSignal, () => {
    redrive.isWanted = true;
    redrive.interrupt();
  });
  if (order) await ensureCallback(order);

  let status: CallbackStatus;
  do {
    redrive.isWanted = false;
    status = await deliver(callbackId, redrive);
  } while (redrive.isWanted);
  return status;
}

async function deliver(callbackId: string, redrive: Redrive): Promise<CallbackStatus> {
  const sending = new CancellationScope();
  redrive.interrupt = () => sending.cancel();
  try {
    await sending.run(() => sendCallback(callbackId));
    return 'delivered';
  } catch (error) {
    if (isCancellation(error) && redrive.isWanted) return 'pending';
    await CancellationScope.nonCancellable(() => giveUpCallback(callbackId));
    if (isCancellation(error)) throw error;
    return 'failed';
  }
}
