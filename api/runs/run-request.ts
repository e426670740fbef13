/** What is asked for when an agent is to work, as zod schemas; each schema and its type share one name. */
import { z } from 'zod';
import { CredentialName } from '../../store/credential-value.ts';
import {
  AgentOptions,
  DirectoryName,
  Prompt,
  PublishPolicy,
  RunLimits,
  SessionId,
} from '../../workflows/contract/run.schema.ts';
import { BranchName } from '../../workflows/contract/workspace.schema.ts';

/** Images included, as text. */
export const promptLimit = '10mb';

/** `url` is checked further by `../repository-url.ts`, whose rules depend on settings. */
const RepositoryRequest = z.object({
  url: z
    .string()
    .max(500)
    .meta({ examples: ['https://github.com/octocat/Hello-World.git'] }),
  branch: BranchName.nullable()
    .default(null)
    .meta({ description: 'To start from; the default branch where it is not there.' }),
  directory: DirectoryName.nullable().default(null).meta({
    description: "Name of the folder that it is cloned into; the repository's own name where it can be one.",
  }),
  credential: CredentialName.nullable()
    .default(null)
    .meta({ description: 'A stored `git_token`; null for a public repository.' }),
});

/** `url` is checked further by the rules of callbacks, which depend on settings. */
const CallbackRequest = z.object({
  url: z.string().max(2000),
  signer: CredentialName.default('owner').meta({
    description: 'Whose secret signs it; see `/callback-signers/{name}/secrets`.',
  }),
});

const { minutes, turns, tokens, costMicros } = RunLimits.shape;

/** As `RunLimits`, but without their usual values: what is left out may be meant to stay as it is. */
const LimitsRequest = z.object({
  minutes: minutes.unwrap().optional(),
  turns: turns.unwrap().optional(),
  tokens: tokens.unwrap().optional(),
  costMicros: costMicros.unwrap().optional(),
});

/** `POST /sessions/:id/prompts`: what is left out is as in the turn before. */
export const PromptRequest = z.object({
  prompt: Prompt,
  credential: CredentialName.optional().meta({
    description:
      "A stored credential of the agent's model. Without one, the one called `anthropic`, `openai` or `google`.",
  }),
  options: AgentOptions.optional(),
  publish: PublishPolicy.optional().meta({
    description: '`branch` where there is a repository, else `none`; `pull_request` opens one for that branch.',
  }),
  limits: LimitsRequest.optional(),
  callback: CallbackRequest.optional(),
  priority: z.number().int().min(1).max(5).default(3).meta({ description: '1 is soonest.' }),
});
export type PromptRequest = z.infer<typeof PromptRequest>;

/** `POST /sessions/:id/publish` */
export const PublishRequest = PromptRequest.pick({ callback: true, priority: true }).extend({
  publish: PublishPolicy.exclude(['none'])
    .optional()
    .meta({ description: 'As in the turn before; `branch` if that was to publish nothing.' }),
  credential: CredentialName.optional().meta({
    description: 'A stored `git_token`, if it is to be another one than in the turn before.',
  }),
});
export type PublishRequest = z.infer<typeof PublishRequest>;

/** `POST /runs` */
export const RunRequest = PromptRequest.extend({
  agent: z
    .string()
    .min(1)
    .max(50)
    .meta({ description: '`claude`, `codex`, `acp` or `command`; other names of theirs are known, in any case.' }),
  sessionId: SessionId.optional().meta({ description: 'The conversation that it belongs to; a new one when missing.' }),
  repository: RepositoryRequest.optional(),
});
export type RunRequest = z.infer<typeof RunRequest>;
