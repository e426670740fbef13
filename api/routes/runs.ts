/** Runs, as their owner sees them: one request to an agent each. */
import { z } from 'zod';
import { RunId, SessionId } from '../../workflows/contract/run.schema.ts';
import { runStatuses } from '../../workflows/contract/run.ts';
import { eventsAnswer, EventsQuery, showEvents, type EventsReply } from '../events/show-events.ts';
import { RunAccepted, RunDetails, RunPage } from '../run-answers.ts';
import { route, type Call, type Reply } from '../route.ts';
import { acceptRun, type RunWish } from '../runs/accept-run.ts';
import { cancelRun } from '../runs/cancel-run.ts';
import { checkRunExists, eventsOfRun } from '../runs/events.ts';
import { listRuns } from '../runs/list-runs.ts';
import { planRun, readRunPlan } from '../runs/plan.ts';
import { readRun } from '../runs/read-run.ts';
import { promptLimit, RunRequest } from '../runs/run-request.ts';
import { wishOf } from '../runs/wish.ts';
import type { Services } from '../services.ts';

export const OneRun = z.object({ id: RunId });
type OneRun = typeof OneRun;

const ListQuery = z.object({
  status: z.enum(runStatuses).optional(),
  sessionId: SessionId.optional(),
  cursor: z.base64url().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

/** Acceptance, lists, a look, events and cancellation. */
export const runRoutes = [
  route({
    method: 'post',
    path: '/runs',
    operationId: 'createRun',
    summary: 'Hand a prompt to an agent',
    caller: 'owner',
    limit: 'run',
    body: RunRequest,
    bodyLimit: promptLimit,
    plan: planRun,
    answer: { status: 202, schema: RunAccepted, description: 'Accepted; `Location` names the run.' },
    problems: [
      ...([
        'unknown_agent',
        'invalid_repo_url',
        'invalid_credential',
        'invalid_callback',
        'session_not_found',
      ] as const),
      ...(['session_closing', 'busy', 'temporal_unavailable', 'worker_unavailable'] as const),
    ],
    handle: createRun,
  }),
  route({
    method: 'get',
    path: '/runs',
    operationId: 'listRuns',
    summary: 'List runs, newest first',
    caller: 'owner',
    limit: 'read',
    query: ListQuery,
    answer: { status: 200, schema: RunPage, description: 'One page.' },
    problems: ['invalid_cursor', 'temporal_unavailable'],
    handle: showRuns,
  }),
  route({
    method: 'get',
    path: '/runs/:id',
    operationId: 'readRun',
    summary: 'See a run, what it does, and what it waits for',
    caller: 'owner',
    limit: 'read',
    params: OneRun,
    paramsProblem: 'run_not_found',
    answer: { status: 200, schema: RunDetails, description: 'The run as it is now.' },
    problems: ['run_not_found', 'temporal_unavailable', 'worker_unavailable'],
    handle: showRun,
  }),
  route({
    method: 'get',
    path: '/runs/:id/events',
    operationId: 'followRun',
    summary: 'Follow a run as server-sent events, or page through its events as JSON',
    caller: 'owner',
    limit: 'read',
    params: OneRun,
    paramsProblem: 'run_not_found',
    query: EventsQuery,
    answer: eventsAnswer,
    problems: ['run_not_found', 'not_acceptable', 'invalid_cursor', 'temporal_unavailable'],
    handle: followRun,
  }),
  route({
    method: 'post',
    path: '/runs/:id/cancel',
    operationId: 'cancelRun',
    summary: 'Cancel a run, and keep what was done as artifacts',
    caller: 'owner',
    limit: 'delete',
    params: OneRun,
    paramsProblem: 'run_not_found',
    plan: () => crypto.randomUUID(),
    answer: { status: 202, schema: RunDetails, description: 'It ends as `cancelled`, whatever happens meanwhile.' },
    problems: ['run_not_found', 'run_already_ended', 'temporal_unavailable', 'worker_unavailable'],
    handle: stopRun,
  }),
];

async function createRun(
  call: Call<z.ZodObject, z.ZodObject, typeof RunRequest>,
  services: Services,
): Promise<Reply<RunAccepted>> {
  return await answerAccepted(call, services, await wishOf(services, call.actor, call.body));
}

/** Accepts the run and tells where it is. */
export async function answerAccepted(
  { plan: planText, requestId }: Pick<Call, 'plan' | 'requestId'>,
  services: Services,
  wish: RunWish,
): Promise<Reply<RunAccepted>> {
  const plan = readRunPlan(planText);
  const { runId: id, sessionId, ahead, createdAt } = await acceptRun(services, plan, wish, requestId);
  const message =
    ahead === 0 ? 'The run is accepted.' : `The run is accepted; ${ahead} turns of its session are before it.`;
  return {
    headers: { Location: `/runs/${id}` },
    body: { id, sessionId, status: 'accepted', ahead, createdAt, message },
  };
}

async function showRuns(
  { query: { cursor, limit, ...filter }, actor }: Call<z.ZodObject, typeof ListQuery>,
  services: Services,
): Promise<Reply<RunPage>> {
  return { body: await listRuns(services, { ...filter, owner: actor }, { cursor, limit }) };
}

async function showRun({ params, actor }: Call<OneRun>, services: Services): Promise<Reply<RunDetails>> {
  return { body: await readRun(services, actor, params.id) };
}

async function followRun(call: Call<OneRun, typeof EventsQuery>, services: Services): Promise<EventsReply> {
  await checkRunExists(services, call.actor, call.params.id);
  return await showEvents(call, services, eventsOfRun(call.params.id));
}

async function stopRun(
  { params: { id }, actor, requestId }: Call<OneRun>,
  services: Services,
): Promise<Reply<RunDetails>> {
  const body = await cancelRun(services, actor, id);
  await services.store.audit.record({ actor, action: 'run.cancel', subject: `run:${id}`, requestId });
  return { body };
}
