/** Signal `cpu`: work that neither writes files nor talks, such as a test run or a compiler. */
import { containerCpuMs } from './container-cpu.ts';
import { processCpuMs } from './process-cpu.ts';

/** CPU time used so far, by everything whose use counts. */
export interface CpuSample {
  takenMs: number;
  usedMs: Record<string, number>;
}

/** Shorter intervals than this say nothing about a share. */
const minIntervalMs = 10_000;

/** Share of one core from which on the machine counts as busy: an idle agent takes 0.2 %, a keep-alive loop 0.13 %. */
const busyShare = 0.01;

/** The CPU time of the workspace's processes and containers now; `before` while that is too fresh to compare with. */
export function sampleCpu(nowMs: number, terminalPid: number, before: CpuSample | null): CpuSample {
  if (before !== null && nowMs - before.takenMs < minIntervalMs) return before;
  return { takenMs: nowMs, usedMs: { ...processCpuMs(terminalPid), ...containerCpuMs() } };
}

/** Whether work was done between two samples. The first sample has nothing to compare with. */
export function isBusy(before: CpuSample | null, after: CpuSample): boolean {
  if (before === null || after.takenMs === before.takenMs) return false;
  const usedMs = Object.entries(after.usedMs).map(([key, used]) => Math.max(0, used - (before.usedMs[key] ?? 0)));
  return usedMs.reduce((sum, used) => sum + used, 0) >= (after.takenMs - before.takenMs) * busyShare;
}
