/** The events of `/execute` and `/sessions/:id/stream`, as zod schemas: `type` tells what the rest is. */
import { z } from 'zod';
import { Time } from '../answers.ts';

export const commitStages = [
  'analyzing',
  'creating_branch',
  'generating_message',
  'committing',
  'committed',
  'pushing',
  'pushed',
  'push_failed',
  'completed',
] as const;

/** A session that is not the caller's is told before the stream begins: 404 with `session_not_found`. */
export const errorCodes = ['auth_error', 'repo_not_found', 'invalid_request', 'internal_error', 'cancelled'] as const;

const timestamp = Time;

export const ExecuteEvent = z
  .discriminatedUnion('type', [
    z.object({
      type: z.literal('connected'),
      timestamp,
      sessionId: z.string(),
      resuming: z.boolean(),
      resumedFrom: z.string().optional(),
      provider: z.string(),
    }),
    z.object({
      type: z.literal('session_name'),
      timestamp,
      sessionName: z.string().max(60),
      branchName: z.string().optional(),
    }),
    z.object({ type: z.literal('message'), timestamp, message: z.string() }),
    z.object({
      type: z.literal('github_pull_progress'),
      timestamp,
      data: z.object({
        type: z.enum(['message', 'completed']),
        message: z.string().optional(),
        targetPath: z.string().optional(),
      }),
    }),
    z.object({
      type: z.literal('branch_created'),
      timestamp,
      branchName: z.string(),
      parentBranch: z.string(),
      baseBranch: z.string(),
      sessionPath: z.string(),
      message: z.string(),
    }),
    z.object({
      type: z.literal('commit_progress'),
      timestamp,
      stage: z.enum(commitStages),
      message: z.string(),
      branch: z.string().optional(),
      commitMessage: z.string().optional(),
      commitHash: z.string().optional(),
      error: z.string().optional(),
    }),
    z.object({
      type: z.literal('assistant_message'),
      timestamp,
      data: z.unknown().meta({ description: "The provider's own message, unchanged." }),
    }),
    z.object({ type: z.literal('completed'), timestamp, sessionId: z.string(), duration_ms: z.number().int() }),
    z.object({ type: z.literal('error'), timestamp, error: z.string(), code: z.enum(errorCodes) }),
  ])
  .meta({ id: 'ExecuteEvent' });
export type ExecuteEvent = z.infer<typeof ExecuteEvent>;

/** An event without the moment at which it happened. */
export type ExecuteEventBody = ExecuteEvent extends infer Event
  ? Event extends ExecuteEvent
    ? Omit<Event, 'timestamp'>
    : never
  : never;
