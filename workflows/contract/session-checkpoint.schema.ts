/** What a turn of a session left, as it lies in the store. */
import { z } from 'zod';
import { AgentId } from './run.schema.ts';
import type { SessionCheckpoint } from './run.ts';

/** Older checkpoints lack some of it. */
export const Checkpoint = z.object({
  conversation: z.object({ agent: AgentId, providerSessionId: z.string(), archive: z.string() }).nullable(),
  branch: z.string().nullable(),
  head: z.string().nullable(),
  unpublished: z
    .object({
      ...{ repoUrl: z.string(), bundle: z.string(), archive: z.string() },
      ...{ baseCommit: z.string(), branch: z.string(), expectedHead: z.string().nullable() },
    })
    .nullable()
    .default(null),
  directory: z.string().default(''),
  baseBranch: z.string().nullable().default(null),
}) satisfies z.ZodType<SessionCheckpoint>;
export type Checkpoint = z.infer<typeof Checkpoint>;
