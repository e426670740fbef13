/** What the API answers with about callbacks. */
import { z } from 'zod';
import { CallbackId } from '../workflows/contract/callback.schema.ts';
import { callbackStatuses } from '../workflows/contract/callback.ts';
import { Time } from './answers.ts';

const summary = {
  id: CallbackId.meta({ description: 'The receiver sees it as `webhook-id`.' }),
  subject: z.string(),
  type: z.string(),
  url: z.string(),
  status: z.enum(callbackStatuses),
  attempts: z.number().int(),
  createdAt: Time,
  lastAt: Time.meta({ description: 'When anything happened to it last.' }),
};

export const CallbackPage = z
  .object({ callbacks: z.array(z.object(summary)), nextCursor: z.string().nullable() })
  .meta({ id: 'CallbackPage' });
export type CallbackPage = z.infer<typeof CallbackPage>;

export const CallbackDetails = z
  .object({
    ...summary,
    message: z.unknown().meta({ description: 'What is sent.' }),
    deliveries: z
      .array(
        z.object({
          number: z.number().int(),
          at: Time,
          statusCode: z.number().int().nullable(),
          latencyMs: z.number().int(),
          error: z.string().nullable(),
        }),
      )
      .meta({ description: 'The newest attempts, oldest first.' }),
    waitingFor: z.object({ what: z.string(), until: Time.nullable() }).nullable(),
  })
  .meta({ id: 'CallbackDetails' });
export type CallbackDetails = z.infer<typeof CallbackDetails>;

export const CallbackRedriven = z
  .object({ id: CallbackId, status: z.literal('pending'), message: z.string() })
  .meta({ id: 'CallbackRedriven' });

export const SignerSecret = z.object({ name: z.string(), secret: z.string() }).meta({ id: 'SignerSecret' });

export const SignerChanged = z.object({ name: z.string(), message: z.string() }).meta({ id: 'SignerChanged' });
