import { sessionQueueQuery } from '../../workflows/contract/session.ts';
import { isOutOfTime } from '../grpc.ts';
import { sessionHandle, unlessMissing } from '../runs/temporal.ts';
import type { Services } from '../services.ts';
import { serverAnswerMs, within, workerAnswerMs } from '../workspaces/temporal.ts';

/** What a session works on, and what waits in it. */
export interface SessionQueue {
  working: string | null;
  waiting: string[];
}

/** What the session is doing now; nothing when it has ended, as it does when it has nothing to do. */
export async function readQueue(services: Services, sessionId: string): Promise<SessionQueue> {
  const handle = sessionHandle(services, sessionId);
  const nothing = { working: null, waiting: [] };
  const described = within(services, serverAnswerMs, () => handle.describe());
  const status = await unlessMissing<string | null>(
    described.then((execution) => execution.status.name),
    () => null,
  );
  if (status !== 'RUNNING') return nothing;
  return await within(services, workerAnswerMs, () => handle.query(sessionQueueQuery));
}

/** Whether more is to come in the session by itself. While no worker answers, it may. */
export async function isSessionBusy(services: Services, sessionId: string): Promise<boolean> {
  try {
    const { working, waiting } = await readQueue(services, sessionId);
    return working !== null || waiting.length > 0;
  } catch (error) {
    if (isOutOfTime(error)) return true;
    throw error;
  }
}
