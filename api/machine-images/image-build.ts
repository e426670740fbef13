/** The build of a machine image: one at a time for each provider. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowExecutionDescription,
  type WorkflowHandle,
} from '@temporalio/client';
import { imageBuildQuery, machineImageWorkflowId, type ImageBuild } from '../../workflows/contract/machine-image.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { machineImageBuild } from '../../workflows/machine-image/build.ts';
import { isOutOfTime } from '../grpc.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { describeRetries } from '../workspaces/retries.ts';
import { serverAnswerMs, within, workerAnswerMs } from '../workspaces/temporal.ts';

/**
 * Starts a build; `false` when one was under way already, which goes on. Fails with `not_found` when there is no such
 * provider, and with `provider_unavailable` when no worker can use it.
 */
export async function startImageBuild(services: Services, provider: string): Promise<boolean> {
  await checkProvider(services, provider);
  try {
    await within(services, serverAnswerMs, () =>
      services.temporal.workflow.start<typeof machineImageBuild>('machineImageBuild', {
        taskQueue: controlPlaneQueue,
        workflowId: machineImageWorkflowId(provider),
        args: [{ provider }],
        staticSummary: `a machine image at ${provider}`,
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

async function checkProvider({ store }: Services, provider: string): Promise<void> {
  const report = (await store.providerReports.list()).find(({ id }) => id === provider);
  if (!report) throw new Problem('not_found', `There is no provider "${provider}".`);
  if (report.available) return;
  throw new Problem('provider_unavailable', `${provider}: ${report.reason ?? 'not available'}`, {
    headers: { 'Retry-After': '15' },
  });
}

/** The build under way or, when there is none, the last one. Fails with `not_found` when there never was one. */
export async function readImageBuild(services: Services, provider: string): Promise<ImageBuild> {
  const handle = services.temporal.workflow.getHandle<typeof machineImageBuild>(machineImageWorkflowId(provider));
  const execution = await describe(services, provider, handle);
  const status = execution.status.name;
  if (status === 'COMPLETED') return await within(services, serverAnswerMs, () => handle.result());
  const build = await askBuild(services, handle);
  if (status !== 'RUNNING' && status !== 'PAUSED') return broken(build, execution);
  return { ...build, detail: (await describeRetries(services, execution))?.what ?? build.detail };
}

type BuildHandle = WorkflowHandle<typeof machineImageBuild>;

async function describe(
  services: Services,
  provider: string,
  handle: BuildHandle,
): Promise<WorkflowExecutionDescription> {
  try {
    return await within(services, serverAnswerMs, () => handle.describe());
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    throw new Problem('not_found', `No machine image was built at "${provider}" yet.`);
  }
}

async function askBuild(services: Services, handle: BuildHandle): Promise<ImageBuild> {
  try {
    return await within(services, workerAnswerMs, () => handle.query(imageBuildQuery));
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    throw new Problem('worker_unavailable', 'The build exists, but no worker answers for it now.', {
      headers: { 'Retry-After': '5' },
    });
  }
}

/** An operator ended the execution from outside: the build stands where it stood, and the sweep removes what it left. */
function broken(build: ImageBuild, { status, closeTime }: WorkflowExecutionDescription): ImageBuild {
  const error = `The build was ended from outside (${status.name.toLowerCase()}); the sweep removes what it left.`;
  return { ...build, status: 'failed', detail: null, error, endedAt: closeTime?.toISOString() ?? null };
}
