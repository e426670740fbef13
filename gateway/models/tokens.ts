import { z } from 'zod';

/** A count of tokens in an answer; whatever else stands there counts as not said. */
export const Tokens = z.int().min(0).nullish().catch(undefined);

/** The entries that are numbers: what was not said must not replace what was said before. */
export function definedOf<Name extends string>(
  counts: Record<Name, number | null | undefined>,
): Partial<Record<Name, number>> {
  const entries = Object.entries(counts).filter(([, count]) => typeof count === 'number');
  return Object.fromEntries(entries) as Partial<Record<Name, number>>;
}
