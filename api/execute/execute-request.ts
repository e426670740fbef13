/** The body of `POST /execute`, as a zod schema. */
import { z } from 'zod';
import { AgentOptions, DirectoryName, Prompt, SessionId } from '../../workflows/contract/run.schema.ts';
import { BranchName } from '../../workflows/contract/workspace.schema.ts';

const Token = z
  .string()
  .min(8)
  .max(16_384)
  .regex(/^[\x21-\x7e]+$/, 'printable characters without spaces only');

const Github = z.object({
  repoUrl: z.string().max(500),
  branch: BranchName.default('main').meta({ description: 'The default branch is taken where it is not there.' }),
  directory: DirectoryName.optional().meta({
    description: "Name of the folder that it is cloned into; the repository's own by default. A session keeps its own.",
  }),
  accessToken: Token.optional().meta({ description: 'Reads and pushes; it is forgotten when the run ends.' }),
  refreshToken: z.string().optional().meta({ description: 'Accepted; not needed.' }),
});

export const ExecuteRequest = z.object({
  userRequest: Prompt,
  codingAssistantProvider: z
    .string()
    .min(1)
    .max(50)
    .meta({ description: 'In any case.', examples: ['ClaudeAgentSDK', 'CodexSDK'] }),
  codingAssistantAuthentication: z
    .union([z.string().max(50_000), z.looseObject({})])
    .optional()
    .meta({ description: 'A credential, as JSON or text, or the name of a stored one.' }),
  websiteSessionId: SessionId.optional().meta({
    description: 'The session; it goes on if, and only if, it is stored.',
  }),
  github: Github.optional(),
  autoCommit: z.boolean().optional().meta({ description: 'Publish a branch; usual where there is a repository.' }),
  database: z
    .object({ sessionId: z.string().max(200).optional(), accessToken: z.string().max(16_384).optional() })
    .optional()
    .meta({ description: 'Accepted; every session is stored.' }),
  workspace: z.looseObject({}).optional().meta({ description: 'Accepted; every run has a folder of its own.' }),
  providerOptions: z
    .looseObject({
      model: AgentOptions.shape.model,
      command: AgentOptions.shape.command,
      skipPermissions: z.boolean().default(true),
      permissionMode: z.enum(['bypassPermissions', 'default']).optional().meta({
        description: 'Accepted; `skipPermissions` decides.',
      }),
    })
    .optional(),
});
export type ExecuteRequest = z.infer<typeof ExecuteRequest>;
