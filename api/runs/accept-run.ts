import { Readable } from 'node:stream';
import { ApplicationFailure, WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import type { FailureName } from '../../workflows/contract/failures.ts';
import type { ContentBlock } from '../../workflows/contract/run.schema.ts';
import type { RunMemo } from '../../workflows/contract/run-memo.ts';
import { runBlobs, type RunInput } from '../../workflows/contract/run.ts';
import { ownerAttribute, sessionAttribute } from '../../workflows/contract/search-attributes.ts';
import { promptSessionUpdate, sessionWorkflowId, type QueuePlace } from '../../workflows/contract/session.ts';
import { controlPlaneQueue } from '../../workflows/contract/task-queues.ts';
import type { session } from '../../workflows/session/session.ts';
import { Problem } from '../problems.ts';
import type { Services } from '../services.ts';
import { directoryFor } from '../execute/repository-path.ts';
import { openSession } from '../sessions/open-session.ts';
import { within, workerAnswerMs } from '../workspaces/temporal.ts';
import { busy, checkRoomForRuns } from './busy.ts';
import { hasBegun } from './events.ts';
import { fairnessKeyOf } from './fairness-key.ts';
import { forgetOwnCredentials, keepOwnCredentials, type OwnCredentials } from './own-credentials.ts';
import type { RunPlan } from './plan.ts';
import { describeRun } from './read-run.ts';

/** What is to be done, checked. */
export interface RunWish extends Pick<
  RunInput,
  'owner' | 'agent' | 'options' | 'repository' | 'modelCredential' | 'publish' | 'limits' | 'callback' | 'priority'
> {
  /** `null` begins a new session. */
  sessionId: string | null;
  prompt: ContentBlock[];
  /** No agent works, and what the session has not published yet is published. */
  onlyPublish?: true;
  /** What came with the request itself, and goes with its run. */
  own: OwnCredentials;
}

export interface AcceptedRun extends QueuePlace {
  sessionId: string;
  createdAt: string;
}

/**
 * Queues the run in its session, and writes that down; once this returns, the run exists and is certain to come to an end.
 * Repeating it with the same plan, after a crash at any instruction or at the same time, ends with one run. Fails with `busy`,
 * with `session_closing`, and with `session_not_found` for another caller's session.
 */
export async function acceptRun(
  services: Services,
  plan: RunPlan,
  wish: RunWish,
  requestId: string,
): Promise<AcceptedRun> {
  const accepted = await accept(services, plan, wish, requestId);
  const { owner: actor, agent, repository } = wish;
  const details = { sessionId: accepted.sessionId, agent, repoUrl: repository?.url ?? null };
  const subject = `run:${plan.runId}`;
  await services.store.audit.record({ actor, action: 'run.create', subject, requestId, details });
  return accepted;
}

async function accept(
  services: Services,
  plan: RunPlan,
  { own, prompt, ...wish }: RunWish,
  requestId: string,
): Promise<AcceptedRun> {
  const sessionId = wish.sessionId ?? plan.sessionId;
  await checkRoomForRuns(services);
  const { resuming, undo } = await openSession(services, { ...wish, sessionId, createdAt: plan.createdAt });
  await keepPrompt(services, plan.runId, prompt);
  const places = await keepOwnCredentials(services.store, plan.runId, own, wish);
  const facts = { requestId, resuming, prompt, createdAt: new Date().toISOString() };
  const input = inputFor(services, plan.runId, { ...wish, ...places, sessionId }, facts);
  const place = await queue(services, input).catch(async (error: unknown) => {
    // The same request at the same time may have been accepted.
    const isRefused = error instanceof Problem && !(await hasBegun(services, plan.runId));
    if (isRefused) await Promise.all([forgetOwnCredentials(services.store, plan.runId), undo()]);
    throw error;
  });
  return { ...place, sessionId, createdAt: place.createdAt ?? (await whenCreated(services, input)) };
}

/** An earlier try with this plan was accepted, and who asked did not hear of it. */
async function whenCreated(services: Services, { owner, runId }: RunInput): Promise<string> {
  const { memo } = await describeRun(services, owner, runId);
  return (memo as unknown as RunMemo).createdAt;
}

/** Before the run: it may need its prompt within milliseconds. */
async function keepPrompt({ blobs }: Services, runId: string, prompt: ContentBlock[]): Promise<void> {
  const text = JSON.stringify(prompt);
  await blobs.put(runBlobs(runId).prompt, Readable.from([text]), { maxBytes: Buffer.byteLength(text) });
}

function inputFor(
  { installation, settings }: Services,
  runId: string,
  wish: Omit<RunWish, 'own' | 'prompt'> & { sessionId: string },
  { prompt, ...facts }: Pick<RunInput, 'requestId' | 'createdAt'> & { resuming: boolean; prompt: ContentBlock[] },
): RunInput {
  const { RUNNER_LOST_SECONDS: runnerLostSeconds } = settings;
  const promptStart = startOf(prompt);
  const directory = wish.repository ? directoryFor(wish.repository) : '';
  return {
    ...wish,
    ...facts,
    runId,
    installation,
    promptStart,
    directory,
    runnerLostSeconds,
    fairnessKey: fairnessKeyOf(wish),
  };
}

const promptStartCharacters = 200;

/** Cut between characters, not within one. */
function startOf(prompt: ContentBlock[]): string {
  const text = prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n');
  return Array.from(text.trim().slice(0, promptStartCharacters * 2))
    .slice(0, promptStartCharacters)
    .join('');
}

async function queue(services: Services, input: RunInput): Promise<QueuePlace> {
  const startWorkflowOperation = sessionStart(services, input);
  try {
    return await within(services, workerAnswerMs, () =>
      services.temporal.workflow.executeUpdateWithStart(promptSessionUpdate, {
        startWorkflowOperation,
        updateId: input.runId,
        args: [input],
      }),
    );
  } catch (error) {
    throw refusalOf(error) ?? error;
  }
}

function sessionStart({ settings }: Services, { sessionId, owner }: RunInput) {
  const { SESSION_QUEUE_LIMIT: queueLimit, MAX_HISTORY_EVENTS: maxHistoryEvents } = settings;
  return new WithStartWorkflowOperation<typeof session>('session', {
    taskQueue: controlPlaneQueue,
    workflowId: sessionWorkflowId(sessionId),
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [{ sessionId, queueLimit, maxHistoryEvents }],
    typedSearchAttributes: [
      { key: sessionAttribute, value: sessionId },
      { key: ownerAttribute, value: owner },
    ],
    staticSummary: `session ${sessionId}`,
  });
}

function refusalOf(error: unknown): Problem | undefined {
  if (!(error instanceof WorkflowUpdateFailedError) || !(error.cause instanceof ApplicationFailure)) return undefined;
  const { type, message } = error.cause;
  if (type === ('Busy' satisfies FailureName)) return busy(message);
  if (type === ('InvalidState' satisfies FailureName)) return new Problem('session_closing', message);
  return undefined;
}
