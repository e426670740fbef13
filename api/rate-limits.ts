/** The setting `RATE_LIMITS`: how often a caller may do what. */
import { z } from 'zod';

/** How many calls of a kind in how long. */
export interface RateLimit {
  calls: number;
  perSeconds: number;
}

const secondsPer = { s: 1, min: 60, h: 3600 } as const;

/** `unauthorized` counts refused tries by address, everything else accepted calls by token. */
export const defaultRateLimits = {
  create: { calls: 10, perSeconds: 3600 },
  read: { calls: 100, perSeconds: 60 },
  run: { calls: 60, perSeconds: 60 },
  delete: { calls: 20, perSeconds: 60 },
  extend: { calls: 20, perSeconds: 60 },
  redrive: { calls: 20, perSeconds: 60 },
  cleanup: { calls: 10, perSeconds: 60 },
  report: { calls: 120, perSeconds: 60 },
  unauthorized: { calls: 30, perSeconds: 60 },
} satisfies Record<string, RateLimit>;

export type Bucket = keyof typeof defaultRateLimits;
export type RateLimits = Record<Bucket, RateLimit> | 'off';

/** `create=10/h,read=100/min`; what is not named keeps its default. `off` lifts all limits. */
export const RateLimitsSetting = z
  .string()
  .default('')
  .transform((text, context): RateLimits => {
    if (text === 'off') return 'off';
    const limits = { ...defaultRateLimits };
    for (const entry of text.split(',').filter((part) => part.trim() !== '')) {
      const parsed = parseEntry(entry.trim());
      if (parsed) limits[parsed.bucket] = parsed.limit;
      else context.addIssue({ code: 'custom', message: `"${entry}" is not like "create=10/h" (${knownBuckets})` });
    }
    return limits;
  });

const knownBuckets = Object.keys(defaultRateLimits).join(', ');

function parseEntry(entry: string): { bucket: Bucket; limit: RateLimit } | undefined {
  const match = /^(\w+)=([1-9]\d{0,6})\/(s|min|h)$/.exec(entry);
  if (!match?.[1] || !isBucket(match[1])) return undefined;
  const perSeconds = secondsPer[match[3] as keyof typeof secondsPer];
  return { bucket: match[1], limit: { calls: Number(match[2]), perSeconds } };
}

function isBucket(name: string): name is Bucket {
  return Object.hasOwn(defaultRateLimits, name);
}
