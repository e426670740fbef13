/**
 * Reading settings: one zod object per process, parsed once, with every problem reported at once. Each setting is described
 * in one place: in `config/settings/`, or beside the words it is made of.
 */
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

/** A TCP port; 0 lets the system choose. */
export const Port = z.coerce.number().int().min(0).max(65535);

/** A span of time; a year at most. */
export const Minutes = z.coerce.number().positive().max(525_600);

/** A list of `host` or `host:port`, comma-separated. */
export const Hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .transform((hosts) => hosts.filter((host) => host !== ''))
  .pipe(z.array(z.string().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/, 'a list of host or host:port')));
