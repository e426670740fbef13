/** From what was seen to what is reported. */
import type { HeartbeatReport } from '../../../workflows/contract/workspace.schema.ts';
import type { ActivityKind, IdleState } from './state.ts';

/** The heartbeat for `nowMs`: ages, most recent first. A machine on which nothing ever happened is as idle as it is old. */
export function heartbeatFrom(state: IdleState, nowMs: number): HeartbeatReport {
  const keptAliveBy = Object.entries(state.lastActiveMs)
    .map(([by, atMs]) => ({ by: by as ActivityKind, secondsAgo: ageSeconds(atMs, nowMs) }))
    .sort((one, other) => one.secondsAgo - other.secondsAgo);
  return {
    seq: state.seq,
    idleSeconds: keptAliveBy[0]?.secondsAgo ?? ageSeconds(state.startedMs, nowMs),
    keptAliveBy,
  };
}

function ageSeconds(atMs: number, nowMs: number): number {
  return Math.max(0, Math.round((nowMs - atMs) / 1000));
}
