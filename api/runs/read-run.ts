import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { Money } from '../../workflows/contract/resources.ts';
import type { RunMemo } from '../../workflows/contract/run-memo.ts';
import { runStateQuery, type RunState } from '../../workflows/contract/run.ts';
import { ownerAttribute } from '../../workflows/contract/search-attributes.ts';
import { decimal } from '../costs/money.ts';
import { isOutOfTime } from '../grpc.ts';
import { Problem } from '../problems.ts';
import type { RunDetails } from '../run-answers.ts';
import type { Services } from '../services.ts';
import { describeRetries } from '../workspaces/retries.ts';
import { serverAnswerMs, within, workerAnswerMs } from '../workspaces/temporal.ts';
import { artifactsAmong } from './artifact-names.ts';
import { noSuchRun, runHandle, unlessMissing, type RunHandle } from './temporal.ts';

/**
 * The run as it is now: told by itself while it goes on, by its result afterwards. Fails with `run_not_found`, also for another
 * caller's run, and with `worker_unavailable` when nobody answers for it.
 */
export async function readRun(services: Services, owner: string, runId: string): Promise<RunDetails> {
  const execution = await describeRun(services, owner, runId);
  const state = await readState(services, runHandle(services, runId), execution);
  const { usage, artifacts, pullRequest = null } = state;
  return {
    ...state,
    waitingFor: (await describeRetries(services, execution)) ?? state.waitingFor,
    ...{ pullRequest, artifacts: artifactsAmong(artifacts) },
    usage: usage && { ...usage, cost: usage.cost && priceOf(usage.cost) },
  };
}

function priceOf({ micros, currency }: Money): { amount: string; currency: string } {
  return { amount: decimal(micros), currency };
}

/** What Temporal knows of the run. Fails with `run_not_found`, also for another caller's run. */
export async function describeRun(
  services: Services,
  owner: string,
  runId: string,
): Promise<WorkflowExecutionDescription> {
  const description = within(services, serverAnswerMs, () => runHandle(services, runId).describe());
  const execution = await unlessMissing(description, noSuchRun);
  return execution.typedSearchAttributes.get(ownerAttribute) === owner ? execution : noSuchRun();
}

async function readState(
  services: Services,
  handle: RunHandle,
  execution: WorkflowExecutionDescription,
): Promise<RunState> {
  const { name } = execution.status;
  if (name === 'RUNNING' || name === 'PAUSED') return await askRun(services, handle);
  if (name === 'COMPLETED') return await within(services, serverAnswerMs, () => handle.result());
  return brokenRun(execution);
}

async function askRun(services: Services, handle: RunHandle): Promise<RunState> {
  try {
    return await within(services, workerAnswerMs, () => handle.query(runStateQuery));
  } catch (error) {
    if (!isOutOfTime(error)) throw error;
    throw new Problem('worker_unavailable', 'The run exists, but no worker answers for it now.', {
      headers: { 'Retry-After': '5' },
    });
  }
}

/** An operator ended the execution from outside: nobody but the memo knows anything, and the sweep removes the rest. */
function brokenRun({ workflowId, memo, status, closeTime }: WorkflowExecutionDescription): RunState {
  const { sessionId, agent, prompt, createdAt, repoUrl = null } = memo as unknown as RunMemo;
  return {
    ...{ id: workflowId.slice('run:'.length), sessionId, agent, prompt, createdAt, repoUrl },
    ...{ status: 'failed', step: 'ended', attempt: 1, artifacts: [] },
    ...{
      branch: null,
      commit: null,
      pullRequest: null,
      host: null,
      waitingFor: null,
      usage: null,
      text: null,
      startedAt: null,
    },
    error: `The run was ended from outside (${status.name.toLowerCase()}).`,
    errorCode: null,
    cancelReason: null,
    endedAt: closeTime?.toISOString() ?? null,
  };
}
