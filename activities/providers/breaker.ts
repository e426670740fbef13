/** A circuit breaker: a provider that fails again and again is spared for a while, instead of being asked by everybody. */
import { circuitBreaker, CircuitState, ConsecutiveBreaker, handleWhen, isBrokenCircuitError } from 'cockatiel';
import type { BreakerReport } from '../../store/store.ts';
import { failure, failureNameOf } from '../failures.ts';

export interface Breaker {
  /**
   * Asks for something new. While the provider is taken for down, fails at once with `ProviderUnavailable`, which says
   * when to come back: then one call alone tries it.
   */
  guard<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Asks in any state, for looks and removals. An answer shows that the provider is back. */
  pass<Result>(work: () => Promise<Result>): Promise<Result>;
  report(): BreakerReport;
}

export interface BreakerOptions {
  /** Failures in a row, of any calls, after which the provider is taken for down. */
  failures?: number;
  /** How long it is spared then. */
  openMs?: number;
}

/** While one call tries the provider, the others come back this much later. */
const trialSeconds = 5;

/** A breaker that is closed. Only `ProviderUnavailable` counts: a refusal is an answer. */
export function createBreaker(id: string, { failures = 5, openMs = 30_000 }: BreakerOptions = {}): Breaker {
  const counter = new ConsecutiveBreaker(failures);
  const isHalfOpen = (): boolean => policy.state === CircuitState.HalfOpen;
  const policy = circuitBreaker(
    // A trial that was called off has shown nothing.
    handleWhen((error) => failureNameOf(error) === 'ProviderUnavailable' || (isHalfOpen() && isCalledOff(error))),
    { breaker: counter, halfOpenAfter: openMs },
  );
  let since = Date.now();
  policy.onStateChange(() => void (since = Date.now()));

  /** The library closes after a trial of its own only; this is its way to be told from outside. */
  function close(): void {
    policy.isolate().dispose();
    counter.success();
  }

  function spared(afterSeconds: number): Error {
    const at = new Date(Date.now() + afterSeconds * 1000).toISOString();
    return failure('ProviderUnavailable', `${id} failed too often in a row; it is tried again at ${at}.`, {
      retryAfterSeconds: afterSeconds,
    });
  }

  return {
    async guard(work) {
      // The library would have everybody wait for the trial, without a word about it.
      if (isHalfOpen()) throw spared(trialSeconds);
      try {
        return await policy.execute(work);
      } catch (error) {
        if (!isBrokenCircuitError(error)) throw error;
        throw spared(Math.max(since + openMs - Date.now(), 1) / 1000);
      }
    },
    async pass(work) {
      const result = await (policy.state === CircuitState.Closed ? policy.execute(work) : work());
      if (policy.state !== CircuitState.Closed) close();
      return result;
    },
    report() {
      const until = since + openMs;
      const times = { since: new Date(since).toISOString(), until: null };
      if (policy.state === CircuitState.Closed) return { state: 'closed', ...times };
      // Its time is over, and it waits for somebody who wants something.
      if (isHalfOpen() || Date.now() >= until) return { state: 'half-open', ...times };
      return { state: 'open', ...times, until: new Date(until).toISOString() };
    },
  };
}

function isCalledOff(error: unknown): boolean {
  return error instanceof Error && ['AbortError', 'CancelledFailure'].includes(error.name);
}
