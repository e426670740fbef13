/** What is swept up, and when it is forgotten. */
import { z } from 'zod';
import { Minutes } from '../settings.ts';

export const upkeepSettings = z.object({
  ORPHAN_SWEEP: z
    .enum(['remove', 'report', 'off'])
    .default('remove')
    .describe('What is done with things that no workspace owns: remove them, only report them, or never look.'),
  ORPHAN_SWEEP_MINUTES: Minutes.default(10).describe('Minutes between two sweeps for things that no workspace owns.'),
  ORPHAN_AGE_MINUTES: Minutes.default(15).describe('The sweep spares what is younger than this many minutes.'),
  RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      'Days for which what has ended can still be read: workflows since their end, events of workspaces and runs, callbacks and ' +
        'accounts of calls to models since the last one.',
    ),
  BLOB_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(30)
    .describe(
      'Days for which sessions are kept since their last use, with what they go on from, and blobs of ended runs since the newest.',
    ),
});
