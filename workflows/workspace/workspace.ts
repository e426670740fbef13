/** What the lifecycle knows of its workspace while it runs, and how it tells it. */
import type { WorkspaceEvent } from '../contract/events.ts';
import type { FailureName } from '../contract/failures.ts';
import type {
  IdleState,
  Liveness,
  MachineFacts,
  StopReason,
  WorkspaceInput,
  WorkspaceState,
  WorkspaceStatus,
} from '../contract/workspace.ts';
import type { BootReport } from '../contract/workspace.schema.ts';
import { shutdownAt } from './idle.ts';

export interface Workspace {
  readonly input: WorkspaceInput;
  readonly createdAt: number;
  status: WorkspaceStatus;
  machine: MachineFacts | null;
  /** The machine's latest boot report, and the first one that says "failed". */
  boot: { latest: BootReport | null; failed: BootReport | null; ready: boolean };
  /** The certificate that the machine asked for, once it did; `certificate` is `null` until it is signed. */
  certification: { csr: string; certificate: string | null } | null;
  /** From readiness on. */
  liveness: Liveness | null;
  /** Kept alive on request until then, whatever the machine says; may be promised before there is a machine. */
  keepUntil: number;
  /** A wish that the handlers record and the main line carries out. */
  stopReason: StopReason | null;
  failure: { code: FailureName; message: string } | null;
  waitingFor: { what: string; until: number | null } | null;
  /** Events not yet in the log, and how many were ever put here. */
  outbox: WorkspaceEvent[];
  recordedEvents: number;
}

export function openWorkspace(input: WorkspaceInput, now: number): Workspace {
  const carried = input.carriedOver;
  return {
    input,
    createdAt: carried?.createdAt ?? now,
    status: carried ? 'running' : 'creating',
    machine: carried?.machine ?? null,
    boot: { latest: null, failed: null, ready: false },
    certification: null,
    liveness: carried?.liveness ?? null,
    keepUntil: carried?.keepUntil ?? 0,
    stopReason: null,
    failure: null,
    waitingFor: null,
    outbox: [],
    recordedEvents: carried?.recordedEvents ?? 0,
  };
}

export function describeWorkspace(workspace: Workspace): WorkspaceState {
  const { input, machine, liveness, failure, waitingFor } = workspace;
  const isRunning = workspace.status === 'running';
  return {
    id: input.workspaceId,
    name: input.name,
    repoUrl: input.repoUrl,
    branch: input.branch,
    size: input.size,
    status: workspace.status,
    provider: input.provider,
    providerId: machine?.providerId ?? null,
    ipAddress: machine?.ipAddress ?? null,
    hostname: input.hostname,
    accessUrl: isRunning ? (machine?.accessUrl ?? null) : null,
    createdAt: isoTime(workspace.createdAt),
    lastActivityAt: liveness && isoTime(liveness.lastActivityAt),
    stopReason: workspace.stopReason,
    error: failure?.message ?? null,
    errorCode: failure?.code ?? null,
    waitingFor: waitingFor && {
      what: waitingFor.what,
      until: waitingFor.until === null ? null : isoTime(waitingFor.until),
    },
    idle: isRunning && liveness ? describeIdleness(workspace, liveness) : null,
  };
}

function describeIdleness({ input, keepUntil }: Workspace, liveness: Liveness): IdleState {
  const isUnknown = liveness.looks > 0;
  return {
    state: isUnknown ? 'unknown' : liveness.keptAliveBy.length > 0 ? 'active' : 'idle',
    keptAliveBy: liveness.keptAliveBy.map(({ by, lastAt }) => ({ by, lastAt: isoTime(lastAt) })),
    shutdownAt: isoTime(shutdownAt(liveness, keepUntil, input.limits)),
  };
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
