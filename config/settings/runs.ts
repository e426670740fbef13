/** How much may wait, and for how long. */
import { z } from 'zod';

const Count = z.coerce.number().int().min(1).max(100_000);

export const runSettings = z.object({
  SESSION_QUEUE_LIMIT: Count.default(20).describe(
    'Prompts that may wait in one session beside the one that is worked on; more get 429 `busy`.',
  ),
  RUNNER_LOST_SECONDS: z.coerce
    .number()
    .int()
    .min(10)
    .max(86_400)
    .default(120)
    .describe('Seconds that a runner may be away before its runs go on at another one.'),
  RUN_QUEUE_LIMIT: Count.default(1000).describe('Runs that may wait in all, about; more get 429 `busy`.'),
});
