/** How long a workspace may live at most: the end of it is announced, and comes whatever goes on in the workspace. */
import { CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { expiresAt, isoTime, type Workspace } from './workspace.ts';

/** Time for whoever works in it to push what shall stay. */
const announcedBeforeMs = 10 * 60_000;

/** Runs the work; at the end of the workspace's lifetime a stop is wished for, as if somebody had asked for it. */
export async function withinLifetime<Result>(workspace: Workspace, work: () => Promise<Result>): Promise<Result> {
  const end = expiresAt(workspace);
  if (end === null) return await work();
  const clock = new CancellationScope();
  clock.run(() => awaitEnd(workspace, end)).catch(unlessCancelled);
  try {
    return await work();
  } finally {
    clock.cancel();
  }
}

async function awaitEnd(workspace: Workspace, end: number): Promise<void> {
  if (!workspace.isExpiryAnnounced) {
    await sleepUntil(end - announcedBeforeMs, 'announce the end of the lifetime');
    workspace.isExpiryAnnounced = true;
    workspace.outbox.push({ type: 'lifetime.ending', data: { expiresAt: isoTime(end) } });
  }
  await sleepUntil(end, 'the lifetime ends');
  workspace.stopReason ??= 'lifetime';
}

async function sleepUntil(time: number, summary: string): Promise<void> {
  if (time > Date.now()) await sleep(time - Date.now(), { summary });
}

function unlessCancelled(error: unknown): void {
  if (!isCancellation(error)) throw error;
}
