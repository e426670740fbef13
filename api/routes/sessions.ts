/** Sessions: conversations with agents, turn by turn. */
import { z } from 'zod';
import { SessionId } from '../../workflows/contract/run.schema.ts';
import { containerId } from '../container-id.ts';
import { ExecuteEvent } from '../execute/execute-event.ts';
import type { ProblemCode } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import { RunAccepted } from '../run-answers.ts';
import { planRun } from '../runs/plan.ts';
import { PromptRequest, promptLimit, PublishRequest } from '../runs/run-request.ts';
import type { Services } from '../services.ts';
import { SessionDeleted, SessionDetails, SessionInterrupted, SessionPage } from '../session-answers.ts';
import { deleteSession, interruptSession } from '../sessions/ask-session.ts';
import { describeSession } from '../sessions/describe-session.ts';
import { promptWish } from '../sessions/further-prompt.ts';
import { listSessions } from '../sessions/list-sessions.ts';
import { readSession } from '../sessions/open-session.ts';
import { publishWish } from '../sessions/publish-wish.ts';
import { SessionEventsQuery, showSessionEvents } from '../sessions/show-session-events.ts';
import { answerAccepted } from './runs.ts';

const OneSession = z.object({ id: SessionId });
type OneSession = typeof OneSession;

const ListQuery = z.object({
  cursor: z.base64url().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(1000),
});

/** What every route of one session has in common. */
const ofOne = { caller: 'owner', params: OneSession, paramsProblem: 'session_not_found' } as const;
const unanswered = ['session_not_found', 'temporal_unavailable', 'worker_unavailable'] as const satisfies ProblemCode[];

/** Lists, a look, events, further prompts, interruption and removal. */
export const sessionRoutes = [
  route({
    method: 'get',
    path: '/sessions',
    operationId: 'listSessions',
    summary: 'List the sessions that are stored, newest first',
    caller: 'owner',
    limit: 'read',
    query: ListQuery,
    answer: { status: 200, schema: SessionPage, description: 'One page.' },
    problems: ['invalid_cursor'],
    handle: showSessions,
  }),
  route({
    ...ofOne,
    method: 'get',
    path: '/sessions/:id',
    operationId: 'readSession',
    summary: 'See a session, its turns, and what waits in it',
    limit: 'read',
    answer: { status: 200, schema: SessionDetails, description: 'The session as it is now.' },
    problems: unanswered,
    handle: showSession,
  }),
  route({
    ...ofOne,
    method: 'get',
    path: '/sessions/:id/stream',
    operationId: 'followSession',
    summary: 'Follow the turns of a session in the events of `/execute`, from the first one on',
    limit: 'read',
    query: SessionEventsQuery,
    answer: {
      status: 200,
      schema: z.array(ExecuteEvent),
      description:
        'A stream by default; what there is by now as a list when the request accepts `application/json` only.',
      mediaType: 'application/json',
    },
    problems: ['not_acceptable', 'invalid_cursor', ...unanswered],
    handle: showStream,
  }),
  route({
    ...ofOne,
    method: 'post',
    path: '/sessions/:id/prompts',
    operationId: 'promptSession',
    summary: 'Queue a further prompt; what it leaves out is as in the turn before',
    limit: 'run',
    body: PromptRequest,
    bodyLimit: promptLimit,
    plan: planRun,
    answer: { status: 202, schema: RunAccepted, description: 'Accepted; `Location` names the run.' },
    problems: ['invalid_credential', 'invalid_callback', 'session_closing', 'busy', ...unanswered],
    handle: promptSession,
  }),
  route({
    ...ofOne,
    method: 'post',
    path: '/sessions/:id/publish',
    operationId: 'publishSession',
    summary: 'Publish what could not be published before, without another turn of its agent',
    limit: 'run',
    body: PublishRequest,
    plan: planRun,
    answer: { status: 202, schema: RunAccepted, description: 'Accepted; `Location` names the run that does it.' },
    problems: [
      ...(['nothing_to_publish', 'invalid_credential', 'invalid_callback', 'session_closing', 'busy'] as const),
      ...unanswered,
    ],
    handle: publishSession,
  }),
  route({
    ...ofOne,
    method: 'post',
    path: '/sessions/:id/interrupt',
    operationId: 'interruptSession',
    summary: 'Cancel what a session works on, and go on with what waits in it',
    limit: 'delete',
    plan: () => crypto.randomUUID(),
    answer: { status: 202, schema: SessionInterrupted, description: 'It is being cancelled.' },
    problems: unanswered,
    handle: interrupt,
  }),
  route({
    ...ofOne,
    method: 'delete',
    path: '/sessions/:id',
    operationId: 'deleteSession',
    summary: 'Cancel everything in a session, and forget it',
    limit: 'delete',
    answer: { status: 200, schema: SessionDeleted, description: 'It is forgotten, or never was.' },
    problems: unanswered,
    handle: forget,
  }),
];

async function showSessions(
  { query, actor }: Call<z.ZodObject, typeof ListQuery>,
  services: Services,
): Promise<Reply<SessionPage>> {
  return { body: await listSessions(services, actor, query) };
}

async function showSession({ params, actor }: Call<OneSession>, services: Services): Promise<Reply<SessionDetails>> {
  return { body: await describeSession(services, actor, params.id) };
}

async function showStream(
  call: Call<OneSession, typeof SessionEventsQuery>,
  services: Services,
): Promise<Reply<ExecuteEvent[]>> {
  await readSession(services, call.actor, call.params.id);
  return await showSessionEvents(call, services, call.params.id);
}

async function promptSession(
  call: Call<OneSession, z.ZodObject, typeof PromptRequest>,
  services: Services,
): Promise<Reply<RunAccepted>> {
  return await answerAccepted(call, services, await promptWish(services, call.actor, call.params.id, call.body));
}

async function publishSession(
  call: Call<OneSession, z.ZodObject, typeof PublishRequest>,
  services: Services,
): Promise<Reply<RunAccepted>> {
  return await answerAccepted(call, services, await publishWish(services, call.actor, call.params.id, call.body));
}

async function interrupt(
  { params: { id: sessionId }, actor, requestId }: Call<OneSession>,
  services: Services,
): Promise<Reply<SessionInterrupted>> {
  const runId = await interruptSession(services, actor, sessionId);
  const details = { runId };
  await services.store.audit.record({
    ...{ actor, action: 'session.interrupt', subject: `session:${sessionId}`, requestId, details },
  });
  const message = runId === null ? 'Nothing was worked on.' : 'The run is being cancelled.';
  return { body: { sessionId, runId, message } };
}

async function forget(
  { params: { id: sessionId }, actor, requestId }: Call<OneSession>,
  services: Services,
): Promise<Reply<SessionDeleted>> {
  await deleteSession(services, actor, sessionId, requestId);
  await services.store.audit.record({ actor, action: 'session.delete', subject: `session:${sessionId}`, requestId });
  return { body: { sessionId, deleted: true, containerId } };
}
