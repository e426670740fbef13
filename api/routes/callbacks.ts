/** What Pawl told others, whether it arrived, and telling it again. */
import { z } from 'zod';
import { CallbackId } from '../../workflows/contract/callback.schema.ts';
import { CallbackDetails, CallbackPage, CallbackRedriven } from '../answers-callbacks.ts';
import { listCallbacks } from '../callbacks/list-callbacks.ts';
import { readCallback } from '../callbacks/read-callback.ts';
import { redriveCallback } from '../callbacks/redrive-callback.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

const OneCallback = z.object({ id: CallbackId });

const ListQuery = z.object({
  subject: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'What the callbacks are about, like `run:run-k3x9a1b2c3`.' }),
  cursor: z.base64url().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const callbackRoutes = [
  route({
    method: 'get',
    path: '/callbacks',
    operationId: 'listCallbacks',
    summary: 'List callbacks, newest first',
    caller: 'owner',
    limit: 'read',
    query: ListQuery,
    answer: { status: 200, schema: CallbackPage, description: 'One page.' },
    problems: ['invalid_cursor'],
    handle: showCallbacks,
  }),
  route({
    method: 'get',
    path: '/callbacks/:id',
    operationId: 'readCallback',
    summary: 'See a callback, every attempt to deliver it, and when the next one is',
    caller: 'owner',
    limit: 'read',
    params: OneCallback,
    paramsProblem: 'callback_not_found',
    answer: { status: 200, schema: CallbackDetails, description: 'The callback as it is now.' },
    problems: ['callback_not_found', 'temporal_unavailable'],
    handle: showCallback,
  }),
  route({
    method: 'post',
    path: '/callbacks/:id/redrive',
    operationId: 'redriveCallback',
    summary: 'Deliver a callback again, at once and for another day',
    caller: 'owner',
    limit: 'redrive',
    params: OneCallback,
    paramsProblem: 'callback_not_found',
    plan: () => crypto.randomUUID(),
    answer: { status: 202, schema: CallbackRedriven, description: 'It is being delivered.' },
    problems: ['callback_not_found', 'temporal_unavailable'],
    handle: deliverAgain,
  }),
];

async function showCallbacks(
  { query }: Call<z.ZodObject, typeof ListQuery>,
  services: Services,
): Promise<Reply<CallbackPage>> {
  return { body: await listCallbacks(services, query) };
}

async function showCallback({ params }: Call<typeof OneCallback>, services: Services): Promise<Reply<CallbackDetails>> {
  return { body: await readCallback(services, params.id) };
}

async function deliverAgain(
  { params: { id }, requestId }: Call<typeof OneCallback>,
  services: Services,
): Promise<Reply<z.infer<typeof CallbackRedriven>>> {
  await redriveCallback(services, id);
  await services.store.audit.record({
    ...{ actor: 'owner', action: 'callback.redrive', subject: `callback:${id}`, requestId },
  });
  return { body: { id, status: 'pending', message: 'The callback is being delivered again.' } };
}
