/** The idle clock: pure decisions over what the heartbeats said. Times are epoch milliseconds. */
import type { Liveness, WorkspaceLimits } from '../contract/workspace.ts';

const msPerMinute = 60_000;

export type IdleVerdict =
  /** Nothing to decide before `until`, unless a heartbeat is awaited. */
  | { kind: 'wait'; until: number; awaitsHeartbeat: boolean }
  /** A heartbeat from after the deadline confirmed that nothing happened. */
  | { kind: 'stop' }
  /** Heartbeats are missing: look at the machine. */
  | { kind: 'look' };

/** Readiness counts as the first sign of life and of use. */
export function newLiveness(now: number, limits: WorkspaceLimits): Liveness {
  const announcedShutdownAt = now + limits.idleMinutes * msPerMinute;
  return {
    heardAt: now,
    lastActivityAt: now,
    lastActivityBy: null,
    keptAliveBy: [],
    announcedShutdownAt,
    lookedAt: 0,
    looks: 0,
  };
}

/** When the workspace is stopped if nothing more happens. */
export function shutdownAt(liveness: Liveness, keepUntil: number, limits: WorkspaceLimits): number {
  return Math.max(liveness.lastActivityAt + limits.idleMinutes * msPerMinute, keepUntil);
}

/**
 * What to do now. The deadline alone stops nothing: beats are coalesced on their way, so something may have happened
 * that is not known here yet. Only a beat sent after the deadline settles it, and activity in its last second counts.
 */
export function decideIdle(liveness: Liveness, keepUntil: number, limits: WorkspaceLimits, now: number): IdleVerdict {
  const deadline = shutdownAt(liveness, keepUntil, limits);
  const lookAt = Math.max(liveness.heardAt, liveness.lookedAt) + limits.heartbeatLostMinutes * msPerMinute;
  const pastDeadline = now >= deadline;

  if (pastDeadline && liveness.heardAt >= deadline) return { kind: 'stop' };
  if (now >= lookAt) return { kind: 'look' };
  return { kind: 'wait', until: pastDeadline ? lookAt : Math.min(deadline, lookAt), awaitsHeartbeat: pastDeadline };
}

/** Looks at the machine that a silent workspace survives: one, as the silence may be ours (a restart, a closed laptop). */
const looksBeforeRemoval = 1;

export function survivesLook(liveness: Liveness): boolean {
  return liveness.looks < looksBeforeRemoval;
}

/** In words, why the workspace is kept: "terminal 3 min ago", or the promise to keep it. */
export function becauseOf(liveness: Liveness, keepUntil: number, now: number): string {
  const minutesAgo = Math.round((now - liveness.lastActivityAt) / msPerMinute);
  const activity = `${liveness.lastActivityBy ?? 'activity'} ${minutesAgo} min ago`;
  return keepUntil > now ? `${activity}, and kept on request` : activity;
}

/** Heartbeats tell ages, so a time made of them trembles: less than this is no news. */
const trembleMs = 10_000;

/** Whether the announced deadline has passed and a later one is known. */
export function isDecisionDue(liveness: Liveness, deadline: number, now: number): boolean {
  return now >= liveness.announcedShutdownAt && deadline > liveness.announcedShutdownAt + trembleMs;
}
