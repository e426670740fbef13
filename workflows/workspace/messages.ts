/** What arrives about a workspace, noted down. Nothing is done here: the main line acts on what it finds noted. */
import type { ApplicationFailure } from '@temporalio/workflow';
import type { ActivityKind, BootReport, HeartbeatReport } from '../contract/workspace.schema.ts';
import {
  allowedFrom,
  type CertifyRequest,
  type ExtendRequest,
  type StopRequest,
  type WorkspaceStatus,
} from '../contract/workspace.ts';
import { failure } from './failure.ts';
import { expiresAt, isoTime, type Workspace } from './workspace.ts';

export function noteBootReport({ boot }: Workspace, report: BootReport): void {
  const isLate = boot.latest !== null && report.seq <= boot.latest.seq;
  if (!isLate) boot.latest = report;
  if (report.status === 'failed') boot.failed ??= report;
  if (report.step === 'ready' && report.status === 'done') boot.ready = true;
}

/** Ages become times on arrival, so that the machine's clock does not matter; nothing moves backwards. */
export function noteHeartbeat({ liveness }: Workspace, report: HeartbeatReport, now: number): void {
  if (!liveness) return;
  liveness.heardAt = now;
  const activityAt = now - report.idleSeconds * 1000;
  if (activityAt > liveness.lastActivityAt) {
    liveness.lastActivityAt = activityAt;
    liveness.lastActivityBy = freshestSign(report) ?? liveness.lastActivityBy;
  }
  liveness.keptAliveBy = report.keptAliveBy.map(({ by, secondsAgo }) => ({ by, lastAt: now - secondsAgo * 1000 }));
  liveness.looks = 0;
}

function freshestSign({ keptAliveBy }: HeartbeatReport): ActivityKind | undefined {
  return keptAliveBy.toSorted((a, b) => a.secondsAgo - b.secondsAgo)[0]?.by;
}

/** The first reason stays: a workspace that stops for being idle does so whoever asks meanwhile. */
export function noteStop(workspace: Workspace, { reason }: StopRequest): void {
  workspace.stopReason ??= reason;
}

export function noteExtension(workspace: Workspace, { minutes }: ExtendRequest, now: number): void {
  const until = Math.min(now + minutes * 60_000, expiresAt(workspace) ?? Infinity);
  workspace.keepUntil = Math.max(workspace.keepUntil, until);
  workspace.outbox.push({ type: 'workspace.extended', data: { minutes, until: isoTime(workspace.keepUntil) } });
}

/** The main line orders the certificate, once the name is published; the same request may come again. */
export function noteCertificateRequest(workspace: Workspace, { csr }: CertifyRequest): void {
  workspace.certification ??= { csr, certificate: null };
}

/** Fails with `InvalidState` unless the machine may have this certificate: one, and only if it has a name to be certified. */
export function checkCertifiable(workspace: Workspace, { csr }: CertifyRequest): void {
  checkAllowed('certify', workspace);
  if (workspace.machine && !workspace.machine.needsName) {
    throw invalidState('This machine has no name in DNS that could be certified.');
  }
  if (workspace.certification && workspace.certification.csr !== csr) {
    throw invalidState('This machine asked for another certificate already.');
  }
}

/** Fails with `InvalidState` unless the verb is allowed now. Synchronous: validators are not awaited. */
export function checkAllowed(verb: keyof typeof allowedFrom, { status, stopReason, failure }: Workspace): void {
  const allowed: readonly WorkspaceStatus[] = allowedFrom[verb];
  const isEnding = verb !== 'stop' && (stopReason !== null || failure !== null);
  if (allowed.includes(status) && !isEnding) return;
  throw invalidState(`This workspace is ${isEnding ? 'stopping' : status}: it cannot be asked to ${verb}.`);
}

function invalidState(message: string): ApplicationFailure {
  return failure('InvalidState', message);
}
