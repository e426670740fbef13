/** What the API answers with about runs. */
import { z } from 'zod';
import { failures, type FailureName } from '../workflows/contract/failures.ts';
import { agentIds, RunId, SessionId } from '../workflows/contract/run.schema.ts';
import { cancelReasons, runStatuses } from '../workflows/contract/run.ts';
import { Time } from './answers.ts';
import { artifactNames } from './runs/artifact-names.ts';

const failureNames = Object.keys(failures) as [FailureName, ...FailureName[]];

export const RunAccepted = z
  .object({
    id: RunId,
    sessionId: SessionId,
    status: z.literal('accepted'),
    ahead: z.number().int().meta({ description: 'Turns of its session that are before it.' }),
    createdAt: Time,
    message: z.string(),
  })
  .meta({ id: 'RunAccepted' });
export type RunAccepted = z.infer<typeof RunAccepted>;

export const RunSummary = z
  .object({
    id: RunId,
    sessionId: z.string(),
    status: z.enum(runStatuses),
    agent: z.enum(agentIds),
    prompt: z.string().meta({ description: 'Its beginning.' }),
    repoUrl: z.string().nullable(),
    createdAt: Time,
  })
  .meta({ id: 'RunSummary' });
export type RunSummary = z.infer<typeof RunSummary>;

export const RunPage = z
  .object({
    runs: z.array(RunSummary),
    count: z.number().int().meta({ description: 'Runs on this page.' }),
    nextCursor: z.string().nullable().meta({ description: 'Give it as `cursor` for the next page; null on the last.' }),
  })
  .meta({ id: 'RunPage' });
export type RunPage = z.infer<typeof RunPage>;

const RunUsage = z.object({
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  cost: z
    .object({ amount: z.string().meta({ examples: ['0.0192'] }), currency: z.string() })
    .nullable()
    .meta({ description: "null where the model's price is not known." }),
});

export const RunDetails = RunSummary.extend({
  branch: z.string().nullable().meta({ description: 'The branch that the work is on.' }),
  commit: z.string().nullable().meta({ description: 'What was pushed.' }),
  pullRequest: z
    .object({ number: z.number().int(), url: z.string() })
    .nullable()
    .meta({ description: 'The one that shows the work.' }),
  step: z.string().meta({ description: 'What it does now.' }),
  attempt: z.number().int().meta({ description: 'More than 1 after a runner was lost.' }),
  host: z.string().nullable().meta({ description: 'The runner that it has a place on.' }),
  waitingFor: z.object({ what: z.string(), until: Time.nullable() }).nullable(),
  usage: RunUsage.nullable().meta({ description: 'null before the agent has said so.' }),
  text: z.string().nullable().meta({ description: "The agent's last words." }),
  artifacts: z.array(z.string()).meta({ description: 'Of `/runs/{id}/artifacts`.' }),
  error: z.string().nullable(),
  errorCode: z.enum(failureNames).nullable(),
  cancelReason: z.enum(cancelReasons).nullable().meta({ description: 'Why it was cancelled, if it was.' }),
  startedAt: Time.nullable().meta({ description: 'When its agent began.' }),
  endedAt: Time.nullable(),
}).meta({ id: 'RunDetails' });
export type RunDetails = z.infer<typeof RunDetails>;

export const ArtifactList = z
  .object({
    artifacts: z.array(
      z.object({
        name: z.enum(artifactNames),
        mediaType: z.string(),
        bytes: z.number().int().nullable().meta({ description: 'null for what is written as it is read.' }),
        href: z.string(),
      }),
    ),
  })
  .meta({ id: 'ArtifactList' });
export type ArtifactList = z.infer<typeof ArtifactList>;
