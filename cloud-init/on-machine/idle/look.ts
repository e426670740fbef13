/** One look at everything that shows that somebody, or something, works here. */
import { workspaceFolder, workspaceUser } from '../machine.ts';
import { agentQuietSeconds } from './connections.ts';
import { isBusy, sampleCpu } from './cpu.ts';
import { newestChange } from './files.ts';
import { sshQuietSeconds } from './ssh.ts';
import type { ActivityKind, IdleState } from './state.ts';
import { terminalQuietSeconds } from './terminals.ts';
import { terminalProcess } from './processes.ts';
import { sampleWeb, webQuietSeconds } from './web.ts';

/** The state after looking at `nowMs`. */
export async function look(before: IdleState, nowMs: number): Promise<IdleState> {
  const epochSeconds = Date.now() / 1000;
  const ours = await terminalProcess();
  const [newestFile, newestTranscript, web, terminal, agent, ssh] = await Promise.all([
    newestChange(workspaceFolder, before.newestFile),
    newestChange(`/home/${workspaceUser}/.claude/projects`, before.newestTranscript),
    sampleWeb(nowMs).catch(() => before.web),
    orQuiet(terminalQuietSeconds(epochSeconds)),
    orQuiet(agentQuietSeconds(ours)),
    orQuiet(sshQuietSeconds(epochSeconds)),
  ]);
  const cpu = sampleCpu(nowMs, ours, before.cpu);
  const quietSeconds: Record<ActivityKind, number> = {
    files: epochSeconds - newestFile,
    terminal,
    web: web === null ? Infinity : webQuietSeconds(before.web, web),
    agent: Math.min(agent, epochSeconds - newestTranscript),
    cpu: isBusy(before.cpu, cpu) ? 0 : Infinity,
    ssh,
  };
  const lastActiveMs = latest(before.lastActiveMs, quietSeconds, nowMs);
  return { ...before, seq: nextSeq(before.seq, epochSeconds), lastActiveMs, newestFile, newestTranscript, cpu, web };
}

/** A signal that cannot be read is no activity, and must not hide the others. */
async function orQuiet(quietSeconds: Promise<number>): Promise<number> {
  try {
    return await quietSeconds;
  } catch {
    return Infinity;
  }
}

/** Grows with every look, also over a reboot, which empties `/run`. */
function nextSeq(seq: number, epochSeconds: number): number {
  return Math.max(seq + 1, Math.floor(epochSeconds));
}

/** Activity is never forgotten, and what is older than the machine's clock does not count. */
function latest(
  before: IdleState['lastActiveMs'],
  quietSeconds: Record<ActivityKind, number>,
  nowMs: number,
): IdleState['lastActiveMs'] {
  const after = { ...before };
  for (const [kind, seconds] of Object.entries(quietSeconds) as [ActivityKind, number][]) {
    const atMs = nowMs - Math.max(0, seconds) * 1000;
    if (atMs > (after[kind] ?? 0)) after[kind] = atMs;
  }
  return after;
}
