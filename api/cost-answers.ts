/** What the API answers about money. Amounts are decimal strings, which stay exact. */
import { z } from 'zod';
import { WorkspaceId } from '../workflows/contract/workspace.schema.ts';

const Time = z.string().meta({ description: 'ISO 8601, UTC.', format: 'date-time' });
const Amount = z.string().meta({ examples: ['0.0192'] });
const Currency = z.string().meta({ description: 'ISO 4217.', examples: ['EUR'] });

export const Cost = z
  .object({
    amount: Amount.meta({ description: 'What it has cost: every hour that has begun, at most the monthly price.' }),
    currency: Currency,
    hourlyPrice: Amount,
    since: Time.meta({ description: 'When the provider made the machine.' }),
    until: Time.nullable().meta({ description: 'When its removal was proven; until then it costs.' }),
  })
  .meta({ id: 'Cost' });
export type Cost = z.infer<typeof Cost>;

export const CostCap = z
  .object({
    amount: Amount,
    currency: Currency,
    spent: Amount.meta({ description: 'What this month has cost, with the begun hours of what runs.' }),
    reached: z.boolean().meta({ description: 'No workspace is created then; those that exist go on.' }),
    opensAt: Time.meta({ description: 'When the next month begins.' }),
  })
  .meta({ id: 'CostCap' });
export type CostCap = z.infer<typeof CostCap>;

export const CostPage = z
  .object({
    month: z.string().meta({ description: 'A calendar month, UTC.', examples: ['2026-11'] }),
    totals: z.array(z.object({ currency: Currency, amount: Amount })).meta({ description: 'Of all pages.' }),
    costCap: CostCap.nullable(),
    workspaces: z.array(Cost.extend({ id: WorkspaceId, provider: z.string() })),
    count: z.number().int().meta({ description: 'Workspaces on this page.' }),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` for the next page; null on the last.' }),
  })
  .meta({ id: 'CostPage', description: 'Amounts are those of the month alone; `since` and `until` are whole lives.' });
export type CostPage = z.infer<typeof CostPage>;
