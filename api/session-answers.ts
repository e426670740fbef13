/** What the API answers with about sessions. */
import { z } from 'zod';
import { RunId } from '../workflows/contract/run.schema.ts';
import { Time } from './answers.ts';

const containerId = z.string();

export const SessionPage = z
  .object({
    count: z.number().int().meta({ description: 'Sessions on this page.' }),
    sessions: z.array(
      z.object({
        sessionId: z.string(),
        storage: z.enum(['directory', 's3']),
        createdAt: Time,
        lastModified: Time,
      }),
    ),
    nextCursor: z.string().nullable(),
    containerId,
  })
  .meta({ id: 'SessionPage' });
export type SessionPage = z.infer<typeof SessionPage>;

export const SessionDetails = z
  .object({
    sessionId: z.string(),
    sessionPath: z.string().optional(),
    repositoryOwner: z.string().optional(),
    repositoryName: z.string().optional(),
    branch: z.string().optional().meta({ description: 'What was published last.' }),
    providerSessionId: z.string().optional().meta({ description: "The provider's own id of the conversation." }),
    provider: z.string(),
    createdAt: Time,
    updatedAt: Time,
    github: z.object({ repoUrl: z.string(), baseBranch: z.string().nullable(), clonedPath: z.string() }).optional(),
    hasUnpublished: z.boolean().meta({ description: 'Whether there is work that could not be published.' }),
    turns: z.array(RunId).meta({ description: 'Its runs that have begun, oldest first.' }),
    working: RunId.nullable().meta({ description: 'The run that is worked on now.' }),
    waiting: z.array(RunId).meta({ description: 'The runs behind it, in order.' }),
    containerId,
  })
  .meta({ id: 'SessionDetails' });
export type SessionDetails = z.infer<typeof SessionDetails>;

export const SessionDeleted = z
  .object({ sessionId: z.string(), deleted: z.literal(true), containerId })
  .meta({ id: 'SessionDeleted' });
export type SessionDeleted = z.infer<typeof SessionDeleted>;

export const SessionInterrupted = z
  .object({
    sessionId: z.string(),
    runId: RunId.nullable().meta({ description: 'The run that is being cancelled; null when none was worked on.' }),
    message: z.string(),
  })
  .meta({ id: 'SessionInterrupted' });
export type SessionInterrupted = z.infer<typeof SessionInterrupted>;
