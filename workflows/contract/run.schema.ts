/** What comes in from outside about runs, as zod schemas; each schema and its type share one name. */
import { z } from 'zod';
import { ImageSource } from './image.schema.ts';

export const RunId = z
  .string()
  .regex(/^run-[a-z0-9]{10}$/)
  .meta({ examples: ['run-k3x9a1b2c3'] });

/** A caller may choose it; it becomes part of names of workflows and blobs. */
export const SessionId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/, 'letters, digits, - and _ only');

export const ContentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string().min(1).max(1_000_000) }),
  z.object({ type: z.literal('image'), source: ImageSource }),
]);
export type ContentBlock = z.infer<typeof ContentBlock>;

/** Text, or blocks of text and images with at least one word in them. */
export const Prompt = z.union([
  z.string().regex(/\S/, 'must not be blank').max(1_000_000),
  z
    .array(ContentBlock)
    .min(1)
    .max(50)
    .refine((blocks) => blocks.some((block) => block.type === 'text' && block.text.trim() !== ''), 'has no text'),
]);
export type Prompt = z.infer<typeof Prompt>;

/** How the folder of a checkout may be called: one part of a path, which no program takes for an option or hides. */
export const DirectoryName = z.string().regex(/^\w[\w.-]{0,99}$/, 'one name of letters, digits, ".", "_" and "-" only');

export const agentIds = ['claude', 'codex', 'gemini', 'opencode', 'acp', 'command'] as const;
export const AgentId = z.enum(agentIds);
export type AgentId = z.infer<typeof AgentId>;

/** What an agent may be told beside its prompt; an agent ignores what it does not know. */
export const AgentOptions = z.object({
  model: z
    .string()
    .regex(/^[\w.:/@-]{1,100}$/)
    .optional(),
  /** Of agents that speak the Agent Client Protocol, and of `command`: the program and its arguments. */
  command: z.array(z.string().min(1).max(4096)).min(1).max(64).optional(),
  skipPermissions: z.boolean().optional(),
});
export type AgentOptions = z.infer<typeof AgentOptions>;

/** What becomes of the work: each one does what those before it do, and more. */
export const publishPolicies = ['none', 'branch', 'pull_request'] as const;
export const PublishPolicy = z.enum(publishPolicies);
export type PublishPolicy = z.infer<typeof PublishPolicy>;

/** What a run may use up; the first limit that is reached ends the agent's work. */
export const RunLimits = z.object({
  minutes: z.number().int().min(1).max(1440).default(60),
  turns: z.number().int().min(1).max(10_000).nullable().default(null),
  tokens: z.number().int().min(1).nullable().default(null),
  costMicros: z.number().int().min(1).nullable().default(null),
});
export type RunLimits = z.infer<typeof RunLimits>;
