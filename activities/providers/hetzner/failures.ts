/** From Hetzner's errors to the names that workflows know. */
import { errorKind, HetznerError } from '../../../hetzner-cloud/errors.ts';
import type { HetznerErrorKind } from '../../../hetzner-cloud/errors.ts';
import type { FailureName } from '../../../workflows/contract/failures.ts';
import { failure } from '../../failures.ts';

const failureNames: Record<HetznerErrorKind, FailureName> = {
  quota: 'QuotaExceeded',
  capacity: 'NoCapacity',
  refused: 'ProviderRefused',
  unavailable: 'ProviderUnavailable',
};

/** Runs calls to Hetzner; what goes wrong there leaves under one of the names that workflows know. */
export async function named<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof HetznerError)) throw error;
    const { message, code, retryAfterSeconds } = error;
    const kind = errorKind(error);
    const advice = kind === 'quota' ? ' Remove something, or ask Hetzner for a higher limit.' : '';
    throw failure(failureNames[kind], `Hetzner: ${message.replace(/\.$/, '')} (${code}).${advice}`, {
      cause: error,
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
}

/** Many times what a removal takes; after that, something holds on to what is to go. */
const removalSeconds = 120;

/** Removes within a time, or fails with `StillThere`. */
export async function removeInTime<T>(
  what: string,
  signal: AbortSignal,
  remove: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeUp = AbortSignal.timeout(removalSeconds * 1000);
  try {
    return await named(() => remove(AbortSignal.any([signal, timeUp])));
  } catch (error) {
    if (!timeUp.aborted || signal.aborted) throw error;
    throw failure('StillThere', `Hetzner has not let go of ${what} within ${removalSeconds} s.`);
  }
}
