/** What every process of an installation reads. */
import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';

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
