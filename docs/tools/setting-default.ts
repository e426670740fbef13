import { z } from 'zod';
import { defaultRateLimits } from '../../api/rate-limits.ts';

/** Defaults that the schema does not show: one differs from user to user, one is many. */
const words: Record<string, string> = {
  PAWL_CACHE_DIR: 'e.g. `~/.cache/pawl`',
  RATE_LIMITS: rateLimitsInWords(),
};

/** A setting's default as one would write it, in code marks; empty when it has none. */
export function defaultOf(name: string, schema: z.ZodType): string {
  const text = written(schema);
  return words[name] ?? (text ? `\`${text}\`` : '');
}

function rateLimitsInWords(): string {
  const spans: Record<number, string> = { 1: 's', 60: 'min', 3600: 'h' };
  const entries = Object.entries(defaultRateLimits);
  return entries.map(([bucket, { calls, perSeconds }]) => `\`${bucket}=${calls}/${spans[perSeconds]}\``).join(' ');
}

function written(schema: z.ZodType): string | undefined {
  if (schema instanceof z.ZodDefault) return asText(schema.def.defaultValue);
  // A pipe: the text that comes in has the default, whatever is made of it.
  if (schema instanceof z.ZodPipe) return written(schema.def.in as z.ZodType);
  return undefined;
}

function asText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value);
}
