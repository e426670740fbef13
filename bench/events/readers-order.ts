import { z } from 'zod';

/** What the readers are told, as JSON on their standard input. */
export const ReadersOrder = z.object({
  url: z.string(),
  token: z.string(),
  subscribers: z.number(),
  /** Each of them has everything once it has seen so many events. */
  events: z.number(),
});
export type ReadersOrder = z.infer<typeof ReadersOrder>;

/** What they say: everybody is connected, everybody has everything. */
export type ReadersWord = 'connected' | 'done';
