/** How long removals took, told for those who met an outage and those who met none. */
import type { Outcome, WorkspaceEnd } from './invariants.ts';

/** A line for each group, in seconds of the server's time. */
export function inWords(outcomes: readonly Outcome[]): string[] {
  const all = outcomes.flatMap(({ workspaces }) => workspaces);
  const [met = [], spared = []] = [true, false].map((isMet) => all.filter((end) => end.outageSeconds > 0 === isMet));
  return [
    `removal of ${all.length} workspaces: ${percentiles(all, ({ removalSeconds }) => removalSeconds)}`,
    `of ${spared.length} that met no outage: ${percentiles(spared, ({ removalSeconds }) => removalSeconds)}`,
    `of ${met.length} that met one: ${percentiles(met, ({ removalSeconds }) => removalSeconds)}`,
    `of these, without the outage: ${percentiles(met, ({ removalSeconds, outageSeconds }) => removalSeconds - outageSeconds)}`,
  ];
}

function percentiles(ends: readonly WorkspaceEnd[], secondsOf: (end: WorkspaceEnd) => number): string {
  const seconds = ends.map(secondsOf).toSorted((one, other) => one - other);
  const at = (share: number): string => (seconds[Math.ceil(share * seconds.length) - 1] ?? Number.NaN).toFixed(0);
  return `p50 ${at(0.5)} s, p95 ${at(0.95)} s, max ${at(1)} s`;
}
