/** The words of a workspace: its states, what may be asked of it, what is reported about it. No behaviour. */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActivityKind, BootReport, HeartbeatReport, WorkspaceSize } from './workspace.schema.ts';
import type { WorkspaceEvent } from './events.ts';
import type { FailureName } from './failures.ts';
import type { Money } from './resources.ts';

export const workspaceStatuses = ['creating', 'running', 'stopping', 'stopped', 'failed'] as const;
export type WorkspaceStatus = (typeof workspaceStatuses)[number];

/** The workflow id of a workspace; the API, the sweep and the operator all find it by this name. */
export function workspaceWorkflowId(workspaceId: string): string {
  return `workspace:${workspaceId}`;
}

/** The event-log stream that holds everything a workspace did and decided. */
export function workspaceStream(workspaceId: string): string {
  return `workspace:${workspaceId}`;
}

/**
 * Why a workspace goes (or went) away. `machine` is the machine's own request through its cleanup route; `lifetime` means
 * that it was as old as a workspace may get.
 */
export const stopReasons = ['requested', 'idle', 'lifetime', 'machine', 'cancelled', 'failed'] as const;
export type StopReason = (typeof stopReasons)[number];

/** Which message is accepted in which state. A verb that is not allowed fails with `InvalidState` (409). */
export const allowedFrom = {
  stop: ['creating', 'running', 'stopping'],
  extend: ['creating', 'running'],
  certify: ['creating'],
} as const satisfies Record<string, readonly WorkspaceStatus[]>;

/** What the lifecycle is started with. Secrets are not among it: they lie in the store under the workspace's id. */
export interface WorkspaceInput {
  workspaceId: string;
  /** Marks everything this installation makes at a provider; two installations never touch each other's things. */
  installation: string;
  /** Id of the machine provider, see `activities/providers/index.ts`. */
  provider: string;
  name: string;
  repoUrl: string;
  /** `null` takes the repository's default branch. */
  branch: string | null;
  size: WorkspaceSize;
  /** Of the terminal, see `hostnames.ts`. */
  hostname: string;
  /** The HTTP request that asked for it, to find it in the API's log. */
  requestId: string;
  limits: WorkspaceLimits;
  /** Set by continue-as-new only. */
  carriedOver?: CarriedWorkspace;
}

export interface WorkspaceLimits {
  /** Minutes without activity after which the workspace is stopped. */
  idleMinutes: number;
  /** Minutes from acceptance to a terminal that answers, else the workspace fails. */
  provisionMinutes: number;
  /** Minutes without a heartbeat after which the machine is looked at. */
  heartbeatLostMinutes: number;
  /** History length at which the lifecycle continues as new. */
  maxHistoryEvents: number;
  /** Minutes from acceptance after which the workspace is stopped, whatever goes on in it. Absent: never for its age. */
  lifetimeMinutes?: number;
}

/** Everything that a running workspace knows; plain JSON, because it crosses continue-as-new. */
export interface CarriedWorkspace {
  machine: MachineFacts;
  createdAt: number;
  /** When its first execution was accepted. Absent in histories from before lifetimes. */
  acceptedAt?: number;
  isExpiryAnnounced?: boolean;
  liveness: Liveness;
  keepUntil: number;
  /** How many events this workspace has recorded, so that event keys stay unique. */
  recordedEvents: number;
  /** Events that were to be recorded next. */
  outbox?: WorkspaceEvent[];
}

/** What the idle clock looks at; times are epoch milliseconds of workflow time. */
export interface Liveness {
  /** When the last heartbeat arrived; readiness counts as the first. */
  heardAt: number;
  lastActivityAt: number;
  /** What that activity was, as far as a heartbeat said. */
  lastActivityBy: ActivityKind | null;
  keptAliveBy: { by: ActivityKind; lastAt: number }[];
  /** The deadline that the event log last spoke of. */
  announcedShutdownAt: number;
  /** When the machine was last looked at for want of heartbeats, and how often since the last one. */
  lookedAt: number;
  looks: number;
}

/** What the provider knows of the machine once it exists. */
export interface MachineFacts {
  providerId: string;
  ipAddress: string | null;
  /** Where the terminal is reached from outside. */
  accessUrl: string;
  /** Whether its hostname must be published in DNS. Absent in histories from before there was any. */
  needsName?: boolean;
  /** What it costs for as long as it exists; absent or `null` when nothing. */
  hourlyPrice?: Money | null;
}

/** What a workspace tells of itself at any time. Times are ISO 8601, UTC. */
export interface WorkspaceState {
  id: string;
  name: string;
  repoUrl: string;
  branch: string | null;
  size: WorkspaceSize;
  status: WorkspaceStatus;
  provider: string;
  providerId: string | null;
  ipAddress: string | null;
  hostname: string;
  accessUrl: string | null;
  createdAt: string;
  /** When it is stopped for its age, whatever goes on in it; `null` when it is not, or is going already. */
  expiresAt: string | null;
  lastActivityAt: string | null;
  stopReason: StopReason | null;
  error: string | null;
  errorCode: FailureName | null;
  /** What the lifecycle waits for now; `until` is when it gives up or goes on by itself. */
  waitingFor: { what: string; until: string | null } | null;
  idle: IdleState | null;
}

export interface IdleState {
  /** `unknown` until the first heartbeat, and while heartbeats are missing. */
  state: 'active' | 'idle' | 'unknown';
  keptAliveBy: { by: ActivityKind; lastAt: string }[];
  /** When it is stopped if nothing happens until then. */
  shutdownAt: string;
}

/**
 * Stop the workspace: an update, because the caller wants to know whether it was accepted.
 * Accepted while creating too; asking again while it stops is accepted and changes nothing.
 * Fails with `InvalidState` once it is stopped or failed.
 */
export const stopWorkspaceUpdate = defineUpdate<WorkspaceState, [StopRequest]>('stopWorkspace');
export interface StopRequest {
  reason: StopReason;
}

/** Keep the workspace alive for `minutes` from now, active or not. Never shortens what was promised before, nor outlasts `expiresAt`. */
export const extendWorkspaceUpdate = defineUpdate<WorkspaceState, [ExtendRequest]>('extendWorkspace');
export interface ExtendRequest {
  minutes: number;
}

/**
 * Sign the machine's certificate: an update, because the machine waits for it. Answered once the name is published; the same
 * request is answered with the same certificate. Fails with `InvalidState` when the machine has no name of its own in DNS,
 * has a certificate for another request already, or is not being made.
 */
export const certifyMachineUpdate = defineUpdate<MachineCertificate, [CertifyRequest]>('certifyMachine');
export interface CertifyRequest {
  /** PKCS #10, PEM. */
  csr: string;
}
export interface MachineCertificate {
  /** X.509, PEM. */
  certificate: string;
}

/** A boot step started, ended or failed on the machine. Repeats and late arrivals are harmless. */
export const bootReportedSignal = defineSignal<[BootReport]>('bootReported');

/** The machine is alive, and how active it is. The API coalesces: not every beat becomes a signal. */
export const heartbeatReceivedSignal = defineSignal<[HeartbeatReport]>('heartbeatReceived');

export const workspaceStateQuery = defineQuery<WorkspaceState>('workspaceState');
