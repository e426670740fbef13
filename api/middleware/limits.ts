import type { Middleware } from 'koa';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../problems.ts';
import type { Bucket, RateLimit, RateLimits } from '../rate-limits.ts';
import type { RequestState } from '../request-state.ts';
import type { Route } from '../route.ts';

export interface Limiter {
  /** Counts one call; fails with `rate_limit_exceeded` when there were too many. Returns the headers that tell how many are left. */
  spend(bucket: Bucket, key: string): Promise<Record<string, string>>;
}

/** Counts in this process: with several API processes, each grants the limit. */
export function createLimiter(limits: RateLimits): Limiter {
  if (limits === 'off') return { spend: async () => ({}) };
  const entries = Object.entries(limits).map(([bucket, limit]) => [bucket, createBucket(limit)] as const);
  const buckets = Object.fromEntries(entries) as Record<Bucket, RateLimiterMemory>;

  return {
    async spend(bucket, key) {
      const limiter = buckets[bucket];
      try {
        return headersFor(limiter, await limiter.consume(key));
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) throw tooMany(headersFor(limiter, refusal), refusal);
        throw refusal;
      }
    },
  };
}

function createBucket({ calls, perSeconds }: RateLimit): RateLimiterMemory {
  return new RateLimiterMemory({ points: calls, duration: perSeconds });
}

/** `X-RateLimit-Reset` is in epoch seconds. */
function headersFor({ points }: RateLimiterMemory, { remainingPoints, msBeforeNext }: RateLimiterRes) {
  return {
    'X-RateLimit-Limit': String(points),
    'X-RateLimit-Remaining': String(Math.max(remainingPoints, 0)),
    'X-RateLimit-Reset': String(Math.ceil((Date.now() + msBeforeNext) / 1000)),
  };
}

function tooMany(headers: Record<string, string>, { msBeforeNext }: RateLimiterRes): Problem {
  const retryAfter = Math.max(Math.ceil(msBeforeNext / 1000), 1);
  return new Problem('rate_limit_exceeded', `Too many requests; try again in ${retryAfter} seconds.`, {
    details: { retryAfter },
    headers: { ...headers, 'Retry-After': String(retryAfter) },
  });
}

/** Counts the call against the route's limit, by who calls. */
export function limitRate({ limit }: Route, limiter: Limiter): Middleware<RequestState> {
  return async (ctx, next) => {
    if (limit !== null) ctx.set(await limiter.spend(limit, ctx.state.actor));
    await next();
  };
}
