/** Reading settings: one zod object per process, parsed once, with every problem reported at once. */
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

/** A setting is unset when the variable is missing or empty. */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: NodeJS.ProcessEnv,
): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;

  const problems = parsed.error.issues.map((issue) => `  ${issue.path.join('.') || '(settings)'}: ${issue.message}`);
  throw new SettingsError(
    `These settings do not work:\n${problems.join('\n')}\nEvery setting is described in docs/settings.md.`,
  );
}

/** The environment cannot be used; the message is for the operator. */
export class SettingsError extends Error {
  override name = 'SettingsError';
}

/** `on`/`off` and what people write instead. */
export const OnOff = z.stringbool({ truthy: ['on', 'true', '1', 'yes'], falsy: ['off', 'false', '0', 'no'] });

export const Port = z.coerce.number().int().min(0).max(65535);

/** What every process of an installation reads. */
export const installationSettings = z.object({
  PAWL_HOME: z
    .string()
    .default('.pawl')
    .transform((home) => path.resolve(home.replace(/^~(?=\/|$)/, homedir())))
    .describe('Folder that holds all state of an embedded installation.'),
  PAWL_INSTALLATION: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/)
    .optional()
    .describe('Name that marks what this installation makes at a provider. Made on first run.'),
  PAWL_SECRET_KEY: z
    .string()
    .optional()
    .describe(
      'Keys for secrets and payloads: base64 of 32 bytes each, comma-separated, the current one first. Made on first run.',
    ),
  DATABASE_URL: z.string().optional().describe('postgres://… of the store; without it, a SQLite file under PAWL_HOME.'),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged.'),
});
