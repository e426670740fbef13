/** What an owner can ask of a session that works. */
import { setTimeout as sleep } from 'node:timers/promises';
import { blobPrefixOf } from '../../workflows/contract/blobs.ts';
import { sessionStream, type SessionEvents } from '../../workflows/contract/session-events.ts';
import {
  closeSessionUpdate,
  interruptSessionUpdate,
  sessionForgottenSignal,
  sessionWorkflowId,
} from '../../workflows/contract/session.ts';
import { Problem } from '../problems.ts';
import { sessionHandle, unlessMissing } from '../runs/temporal.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workerAnswerMs } from '../workspaces/temporal.ts';
import { isSessionBusy } from './is-busy.ts';
import { readSession } from './open-session.ts';

/** Cancels what is worked on and keeps what waits; returns the run, or `null`. Fails with `session_not_found`. */
export async function interruptSession(services: Services, owner: string, sessionId: string): Promise<string | null> {
  await readSession(services, owner, sessionId);
  const asked = within(services, workerAnswerMs, () =>
    sessionHandle(services, sessionId).executeUpdate(interruptSessionUpdate),
  );
  const { runId } = await unlessMissing<{ runId: string | null }>(asked, () => ({ runId: null }));
  return runId;
}

/** Cancelling takes seconds; a container that will not go takes longer. */
const endPatienceMs = 20_000;
const pollMs = 200;

/**
 * Cancels every turn, waits until they have ended, and forgets the session; then its id is free. One that is not there is fine;
 * fails with `session_not_found` when it is another caller's, and with `worker_unavailable` when its end takes too long: then
 * it still ends, and a repeat forgets it.
 */
export async function deleteSession(
  services: Services,
  owner: string,
  sessionId: string,
  requestId: string,
): Promise<void> {
  const { store, blobs } = services;
  if (!(await store.sessions.read(sessionId))) return;
  await readSession(services, owner, sessionId);
  await close(services, sessionId);
  const deleted = { key: `deleted:${requestId}`, type: 'session.deleted' satisfies keyof SessionEvents, data: {} };
  await store.events.append(sessionStream(sessionId), [deleted]);
  await store.sessions.remove(sessionId);
  await blobs.removeAll(blobPrefixOf(sessionWorkflowId(sessionId)));
  await reopen(services, sessionId);
}

/** Until here it takes no prompt, which would lose its session under its feet. */
async function reopen(services: Services, sessionId: string): Promise<void> {
  const told = within(services, serverAnswerMs, () =>
    sessionHandle(services, sessionId).signal(sessionForgottenSignal),
  );
  await unlessMissing(told, () => undefined);
}

async function close(services: Services, sessionId: string): Promise<void> {
  const asked = within(services, workerAnswerMs, () =>
    sessionHandle(services, sessionId).executeUpdate(closeSessionUpdate),
  );
  await unlessMissing<unknown>(asked, () => undefined);
  const deadline = performance.now() + endPatienceMs;
  while (await isSessionBusy(services, sessionId)) {
    if (performance.now() > deadline) throw new Problem('worker_unavailable', 'Its turns are still being cancelled.');
    await sleep(pollMs);
  }
}
