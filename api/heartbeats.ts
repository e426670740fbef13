/**
 * Which heartbeats become signals. A signal costs four history events, so most beats are only answered; but at the moment
 * the lifecycle decides on idleness, it must know of any activity that was reported. Times are epoch milliseconds.
 */
import { createHash } from 'node:crypto';
import type { HeartbeatReport } from '../workflows/contract/workspace.schema.ts';
import type { WorkspaceLimits } from '../workflows/contract/workspace.ts';

const msPerMinute = 60_000;

/** What two beats take at the usual pace of one in 30 s. */
const usualReachMs = 60_000;

/** What is remembered of one workspace. */
export interface HeartbeatMemory {
  seq: number;
  heardAt: number;
  lastActivityAt: number;
  forwardedAt: number;
  forwardedActivityAt: number;
}

export type HeartbeatVerdict = 'forward' | 'hold' | 'replay';

type Limits = Pick<WorkspaceLimits, 'idleMinutes' | 'heartbeatLostMinutes'>;

/**
 * Decides on a beat that arrived `now`. Forwarded is
 * - the first beat that this process sees: it cannot know what the lifecycle knows;
 * - whatever comes when the lifecycle has not heard for a while, so that it does not count as lost;
 * - the moment a quiet while begins, so that the state on the screen is right;
 * - news of activity when the deadline that the lifecycle knows comes within reach of the next beats;
 * - after that deadline, a beat that confirms it; at growing distances, as the deadline may have been moved by an extension.
 */
export function judgeHeartbeat(
  memory: HeartbeatMemory | undefined,
  { seq, idleSeconds }: HeartbeatReport,
  now: number,
  limits: Limits,
): HeartbeatVerdict {
  const quietMs = longestSilenceMs(limits);
  if (!memory) return 'forward';
  // A counter that starts anew after a silence is a machine that rebooted, not a replay.
  if (seq <= memory.seq && now - memory.heardAt < quietMs) return 'replay';

  const silenceMs = now - memory.forwardedAt;
  const deadline = memory.forwardedActivityAt + limits.idleMinutes * msPerMinute;
  const activityAt = Math.max(memory.lastActivityAt, now - idleSeconds * 1000);
  const becomesQuiet = memory.heardAt - memory.lastActivityAt < quietMs && now - activityAt >= quietMs;
  // Two beats at the pace of this machine: the next one may be lost or late.
  const reachMs = Math.max(usualReachMs, 2 * (now - memory.heardAt));
  const hasNewsInTime = activityAt > memory.forwardedActivityAt && now + reachMs >= deadline;
  const confirms = now >= deadline && silenceMs >= Math.max(memory.forwardedAt - deadline, 0);

  return silenceMs >= quietMs || becomesQuiet || hasNewsInTime || confirms ? 'forward' : 'hold';
}

/** The lifecycle hears at least this often: twice before silence counts as loss, three times in an idle span. */
export function longestSilenceMs({ idleMinutes, heartbeatLostMinutes }: Limits): number {
  return Math.min(heartbeatLostMinutes / 2, idleMinutes / 3) * msPerMinute;
}

/**
 * Has the next forward come early, at a moment of the workspace's own. A process that starts hears a whole fleet for the first
 * time within one beat; left alone, the fleet would be forwarded within one beat again after every silence, for ever.
 */
function staggered(workspaceId: string, memory: HeartbeatMemory, limits: Limits): HeartbeatMemory {
  const share = createHash('sha256').update(workspaceId).digest().readUInt32BE() / 2 ** 32;
  return { ...memory, forwardedAt: memory.forwardedAt - share * longestSilenceMs(limits) };
}

/** The memory after a beat; `forwarded` only once the lifecycle has it. */
export function rememberHeartbeat(
  memory: HeartbeatMemory | undefined,
  { seq, idleSeconds }: HeartbeatReport,
  now: number,
  forwarded: boolean,
): HeartbeatMemory {
  const lastActivityAt = Math.max(memory?.lastActivityAt ?? 0, now - idleSeconds * 1000);
  return {
    seq,
    heardAt: now,
    lastActivityAt,
    forwardedAt: forwarded ? now : (memory?.forwardedAt ?? 0),
    forwardedActivityAt: forwarded ? lastActivityAt : (memory?.forwardedActivityAt ?? 0),
  };
}

export interface HeartbeatFilter {
  /** Calls `forward` if the beat must reach the lifecycle; a beat that could not be forwarded counts as never heard. */
  pass(workspaceId: string, beat: HeartbeatReport, forward: () => Promise<void>): Promise<HeartbeatVerdict>;
}

/** Keeps one small record for each workspace that beats, and drops those that no longer do. */
export function createHeartbeatFilter(limits: Limits, clock: () => number = Date.now): HeartbeatFilter {
  const memories = new Map<string, HeartbeatMemory>();

  function remember(workspaceId: string, memory: HeartbeatMemory): void {
    // Inserted anew at each beat, so that the first entry is always the one that was silent longest.
    memories.delete(workspaceId);
    memories.set(workspaceId, memory);
    for (const [id, { heardAt }] of memories) {
      if (memory.heardAt - heardAt < limits.heartbeatLostMinutes * msPerMinute) return;
      memories.delete(id);
    }
  }

  return {
    async pass(workspaceId, beat, forward) {
      const now = clock();
      const verdict = judgeHeartbeat(memories.get(workspaceId), beat, now, limits);
      if (verdict === 'replay') return verdict;
      if (verdict === 'forward') await forward();
      const known = memories.get(workspaceId);
      const memory = rememberHeartbeat(known, beat, now, verdict === 'forward');
      remember(workspaceId, known ? memory : staggered(workspaceId, memory, limits));
      return verdict;
    },
  };
}
