/**
 * Bounds the nesting of what an agent says: reading and writing JSON takes stack for every level, here and with whoever reads
 * it.
 */

/** Far beyond what any provider sends, and far below what a stack holds. */
const mostLevels = 500;

/** The message as it is, or, where it is nested deeper than may be, with words in place of what lies below. */
export function withinLevels(message: unknown): unknown {
  return isWithin(message, mostLevels) ? message : cut(message, mostLevels);
}

/** Whether it is nested no deeper than so. */
export function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((part) => isWithin(part, levels - 1));
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return `[nested deeper than ${mostLevels} levels]`;
  if (Array.isArray(value)) return value.map((part: unknown) => cut(part, levels - 1));
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, cut(part, levels - 1)]));
}
