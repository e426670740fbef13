import type { Services } from '../services.ts';
import { serverAnswerMs, within } from '../workspaces/temporal.ts';
import { runHandle, unlessMissing } from './temporal.ts';

/** Whether there is, or was, a run of this id. */
export async function wasAccepted(services: Services, runId: string): Promise<boolean> {
  const described = within(services, serverAnswerMs, () => runHandle(services, runId).describe());
  return await unlessMissing<boolean>(
    described.then(() => true),
    () => false,
  );
}
