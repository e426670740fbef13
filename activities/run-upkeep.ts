/** The steps of runs that any worker of the control plane can take: checks before, records after. */
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Store } from '../store/store.ts';
import type { RunName, RunUpkeepSteps } from '../workflows/contract/run-steps.ts';
import { runCredentials, runWorkflowId } from '../workflows/contract/run.ts';
import { checkRunCredentials, type ProviderQuestion } from './credential-check.ts';
import { whileHeartbeating } from './heartbeat.ts';
import { writeJob } from './run-job.ts';
import { createSessionSteps } from './session-steps.ts';

export interface RunUpkeepDependencies {
  store: Pick<Store, 'credentials' | 'doors' | 'sessions'>;
  blobs: BlobStore;
  /** The gateway of this host, if it has one. */
  gateway: ProviderQuestion;
  /** Resolves when the workflow has ended, however; rejects when `signal` aborts. */
  waitForWorkflow: (workflowId: string, signal: AbortSignal) => Promise<void>;
}

export function createRunUpkeepActivities(dependencies: RunUpkeepDependencies): RunUpkeepSteps {
  const { store, blobs, gateway, waitForWorkflow } = dependencies;
  const { saveSession, readCheckpoint } = createSessionSteps(dependencies);
  return {
    checkCredentials: (run) => checkRunCredentials({ credentials: store.credentials, gateway }, run),
    writeJob: (order) => whileHeartbeating(() => writeJob(blobs, order)),
    saveSession: (order) => whileHeartbeating(() => saveSession(order)),
    readCheckpoint,
    forgetRun: ({ runId }: RunName) => forgetRun(store, runId),
    waitForRun: ({ runId }) => whileHeartbeating((signal) => waitForWorkflow(runWorkflowId(runId), signal)),
  };
}

/** Removes what a run may hold in the store: its door with the token, and the credentials that came with it. */
export async function forgetRun(
  { doors, credentials }: Pick<Store, 'doors' | 'credentials'>,
  runId: string,
): Promise<void> {
  await doors.forget(runId);
  for (const name of Object.values(runCredentials(runId))) await credentials.remove(name);
}
