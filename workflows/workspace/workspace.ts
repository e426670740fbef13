/** What the lifecycle knows of its workspace while it runs, and how it tells it. */
import type { KnownMachine } from '../../activities/machine.ts';
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
  /** From here its lifetime counts. */
  readonly acceptedAt: number;
  isExpiryAnnounced: boolean;
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

/** `now` is when the work began; `startedAt`, when this execution was accepted, is earlier if no worker was up. */
export function openWorkspace(input: WorkspaceInput, now: number, startedAt = now): Workspace {
  const carried = input.carriedOver;
  return {
    input,
    createdAt: carried?.createdAt ?? now,
    acceptedAt: carried ? (carried.acceptedAt ?? carried.createdAt) : startedAt,
    isExpiryAnnounced: carried?.isExpiryAnnounced ?? false,
    status: carried ? 'running' : 'creating',
    machine: carried?.machine ?? null,
    boot: { latest: null, failed: null, ready: false },
    certification: null,
    liveness: carried?.liveness ?? null,
    keepUntil: carried?.keepUntil ?? 0,
    stopReason: null,
    failure: null,
    waitingFor: null,
    outbox: [...(carried?.outbox ?? [])],
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
    expiresAt: isEnding(workspace) ? null : isoTimeOrNull(expiresAt(workspace)),
    lastActivityAt: liveness && isoTime(liveness.lastActivityAt),
    stopReason: workspace.stopReason,
    error: failure?.message ?? null,
    errorCode: failure?.code ?? null,
    waitingFor: waitingFor && {
      what: waitingFor.what,
      until: isoTimeOrNull(waitingFor.until),
    },
    idle: isRunning && liveness ? describeIdleness(workspace, liveness) : null,
  };
}

function describeIdleness(workspace: Workspace, liveness: Liveness): IdleState {
  const { input, keepUntil } = workspace;
  const isUnknown = liveness.looks > 0;
  return {
    state: isUnknown ? 'unknown' : liveness.keptAliveBy.length > 0 ? 'active' : 'idle',
    keptAliveBy: liveness.keptAliveBy.map(({ by, lastAt }) => ({ by, lastAt: isoTime(lastAt) })),
    shutdownAt: isoTime(Math.min(shutdownAt(liveness, keepUntil, input.limits), expiresAt(workspace) ?? Infinity)),
  };
}

/** The machine as activities know it: with its id, by which its provider knows it sooner than lists show it. */
export function knownMachine({ input: { workspaceId, provider }, machine }: Workspace): KnownMachine {
  return { workspaceId, provider, ...(machine && { providerId: machine.providerId }) };
}

/** When it is as old as a workspace may get; `null` when it may grow old. */
export function expiresAt({ acceptedAt, input }: Pick<Workspace, 'acceptedAt' | 'input'>): number | null {
  const { lifetimeMinutes } = input.limits;
  return lifetimeMinutes === undefined ? null : acceptedAt + lifetimeMinutes * 60_000;
}

function isEnding({ status, stopReason }: Workspace): boolean {
  return stopReason !== null || (status !== 'creating' && status !== 'running');
}

export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

function isoTimeOrNull(epochMs: number | null): string | null {
  return epochMs === null ? null : isoTime(epochMs);
}
