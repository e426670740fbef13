/** What one look leaves for the next. It lies in `/run`, so it ends with the boot, as its clock does. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { activityKinds } from '../../../workflows/contract/workspace.schema.ts';
import type { CpuSample } from './cpu.ts';
import type { WebSample } from './web.ts';

export type ActivityKind = (typeof activityKinds)[number];

/** Times are milliseconds of `monotonicMs`, so that neither a clock correction nor a laptop's sleep counts as idleness. */
export interface IdleState {
  seq: number;
  startedMs: number;
  /** When the control plane last accepted a heartbeat. */
  heardMs: number;
  lastActiveMs: Partial<Record<ActivityKind, number>>;
  /** Newest change time seen under the workspace, in epoch seconds. */
  newestFile: number;
  newestTranscript: number;
  cpu: CpuSample | null;
  web: WebSample | null;
}

const stateFile = '/run/pawl/idle.json';

/** Time since the machine started, without the time it slept; the same for every process. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

/** The last look's state, or a fresh one that starts at `nowMs`. */
export function readIdleState(nowMs: number, file = stateFile): IdleState {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as IdleState;
  } catch {
    return {
      seq: 0,
      startedMs: nowMs,
      heardMs: nowMs,
      lastActiveMs: {},
      newestFile: 0,
      newestTranscript: 0,
      cpu: null,
      web: null,
    };
  }
}

/** Replaces the state as a whole: killed at any instruction, there is the old one or the new one. */
export function writeIdleState(state: IdleState, file = stateFile): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(state));
  renameSync(`${file}.new`, file);
}
