/** What machines cost, for whoever pays for them. */
import { z } from 'zod';
import { CostPage } from '../cost-answers.ts';
import { monthOf } from '../costs/amounts.ts';
import { listCosts } from '../costs/list-costs.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

const CostsQuery = z.object({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'a month like 2026-11')
    .optional()
    .meta({ description: 'A calendar month, UTC; this one when left out.', examples: ['2026-11'] }),
  cursor: z.base64url().max(4000).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

export const costRoutes = [
  route({
    method: 'get',
    path: '/costs',
    operationId: 'listCosts',
    summary: 'What this month has cost, by workspace',
    caller: 'owner',
    limit: 'read',
    query: CostsQuery,
    answer: { status: 200, schema: CostPage, description: 'One page, newest first.' },
    problems: ['invalid_cursor'],
    handle: showCosts,
  }),
];

async function showCosts(
  { query: { month, cursor, limit } }: Call<z.ZodObject, typeof CostsQuery>,
  services: Services,
): Promise<Reply<CostPage>> {
  const within = monthOf(month === undefined ? new Date() : new Date(`${month}-01T00:00:00Z`));
  return { body: await listCosts(services, { month: within, cursor, limit }) };
}
