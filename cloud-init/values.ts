/** What makes one machine different from another. */
import { z } from 'zod';

/**
 * The values of one machine's user-data. They travel as data (a JSON file on the machine), never inside a script; those
 * that a program reads as more than text are held to a pattern here as well.
 */
export const UserDataValues = z.object({
  workspaceId: z.string().regex(/^ws-[a-z0-9]{6}$/),
  hostname: z
    .string()
    .max(253)
    .regex(/^ui[.-]([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .describe('Where the terminal is reached.'),
  coveredName: z
    .string()
    .max(253)
    .regex(/^(\*\.|ui-)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .describe('What certificate and proxy cover: the hostname itself, or a wildcard that it falls under.'),
  tls: z
    .enum(['internal', 'origin'])
    .describe('Who signs the certificate: the machine’s own authority, or the control plane has it signed.'),
  repoUrl: z.string().min(1).max(2000),
  branch: z.string().min(1).max(250).nullable().describe('`null` takes the repository’s default branch.'),
  machineApiUrl: z.url({ protocol: /^https?$/ }).describe('Base URL of the listener that machines report to.'),
  machineToken: z
    .string()
    .regex(/^[A-Za-z0-9._~+/=-]{16,512}$/)
    .describe('Lets this machine speak for itself, and for nothing else.'),
  username: z
    .string()
    .regex(/^[a-z][a-z0-9_-]{2,30}$/)
    .describe('Of the proxy’s password and of the terminal’s account, which wants three letters.'),
  passwordHash: z
    .string()
    .regex(/^\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}$/)
    .describe('bcrypt; opens the proxy and the terminal alike.'),
  heartbeatSeconds: z.number().int().min(1).max(600),
  deadManMinutes: z
    .number()
    .positive()
    .max(10_080)
    .describe('After so long without an accepted heartbeat the machine powers itself off.'),
});
export type UserDataValues = z.infer<typeof UserDataValues>;
