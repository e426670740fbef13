/** Few numbers that stand for many. */

/** The value that `share` (0 to 1) of the values do not exceed; `NaN` of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(Math.ceil(sorted.length * share) - 1, 0)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The median with the least and the greatest value: `12.3 (11.9–14.0)`. */
export function spread(values: readonly number[], digits: number): string {
  const [low, middle, high] = [Math.min(...values), median(values), Math.max(...values)];
  return `${middle.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

/** Pair by pair, so that a machine whose speed drifts between rounds does not matter. */
export function ratios(values: readonly number[], to: readonly number[]): number[] {
  return values.map((value, index) => value / (to[index] ?? Number.NaN));
}
