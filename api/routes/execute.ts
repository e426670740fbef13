/** A prompt goes in, its events come out. */
import type { z } from 'zod';
import { ExecuteEvent } from '../execute/execute-event.ts';
import { ExecuteRequest } from '../execute/execute-request.ts';
import { executeWish } from '../execute/execute-wish.ts';
import { executeFrame } from '../execute/frame.ts';
import { followRun } from '../execute/follow-run.ts';
import { positionIn, startOf } from '../execute/position.ts';
import { openEventStream } from '../events/open-event-stream.ts';
import { Problem } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import { acceptRun } from '../runs/accept-run.ts';
import { hasBegun } from '../runs/events.ts';
import { planRun, readRunPlan } from '../runs/plan.ts';
import { promptLimit } from '../runs/run-request.ts';
import type { Services } from '../services.ts';

export const executeRoutes = [
  route({
    method: 'post',
    path: '/execute',
    operationId: 'execute',
    summary: 'Hand a prompt to an agent, and follow it',
    caller: 'owner',
    limit: 'run',
    body: ExecuteRequest,
    bodyLimit: promptLimit,
    formProblem: 'invalid_request',
    plan: planRun,
    answer: {
      status: 200,
      schema: ExecuteEvent,
      description:
        'Server-sent events, each with its id. Who hangs up stops nothing: `/sessions/{id}/stream` has the rest, and so has a repeat with the same `Idempotency-Key`.',
      mediaType: 'text/event-stream',
    },
    problems: [
      'invalid_request',
      'session_not_found',
      'session_closing',
      'busy',
      'temporal_unavailable',
      'worker_unavailable',
    ],
    handle: execute,
  }),
];

async function execute(
  call: Call<z.ZodObject, z.ZodObject, typeof ExecuteRequest>,
  services: Services,
): Promise<Reply<ExecuteEvent>> {
  const { request, hungUp } = call;
  const { runId } = readRunPlan(call.plan);
  const position = positionIn(request) ?? startOf(runId);
  if (position.runId !== runId) throw new Problem('invalid_cursor', 'This is not the id of an event of this run.');
  await acceptOnce(call, services);
  const events = followRun(services, position, AbortSignal.any([hungUp, services.shutdown]));
  return openEventStream(services, events, executeFrame);
}

/** A repeat finds the run as it is, also when that has ended, and brings it no credentials again. */
async function acceptOnce(
  { plan: planText, body, actor, requestId }: Call<z.ZodObject, z.ZodObject, typeof ExecuteRequest>,
  services: Services,
): Promise<void> {
  const plan = readRunPlan(planText);
  if (await hasBegun(services, plan.runId)) return;
  await acceptRun(services, plan, await executeWish(services, actor, body), requestId);
}
