/** The settings of the API process; the only place where it reads its environment. */
import { z } from 'zod';
import { installationSettings, Port, readSettings } from '../config/settings.ts';
import { RateLimitsSetting } from './rate-limits.ts';

const Minutes = z.coerce.number().positive().max(525_600);

/** A list of `host` or `host:port`, comma-separated. */
const Hosts = z
  .string()
  .default('')
  .transform((text) => text.split(',').map((host) => host.trim().toLowerCase()))
  .transform((hosts) => hosts.filter((host) => host !== ''))
  .pipe(z.array(z.string().regex(/^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$/, 'a list of host or host:port')));

/** Every setting of the API process, with its default. */
export const apiSettings = installationSettings.extend({
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  PORT: Port.default(3100).describe('Port that the API listens on.'),
  MACHINE_API_HOST: z
    .string()
    .default('0.0.0.0')
    .describe('Address of the second listener, which machines call. It serves nothing but their own routes.'),
  MACHINE_API_PORT: Port.default(3101).describe('Port of the second listener.'),
  API_TOKEN: z.string().min(16).optional().describe("The owner's bearer token. Made on first run."),
  BASE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?$/)
    .default('localhost')
    .describe('Workspaces are reached at ui.<id>.vm.<this domain>.'),
  MACHINE_PROVIDER: z.string().default('docker').describe('Id of the provider that new workspaces get a machine from.'),
  GIT_INSECURE_HOSTS: Hosts.describe(
    'Git hosts that may be reached by plain http: host or host:port, comma-separated.',
  ),
  RATE_LIMITS: RateLimitsSetting.describe(
    'Limits per token, like `create=10/h,read=100/min`; what is not named keeps its default. `off` lifts them all.',
  ),
  BODY_LIMIT: z
    .string()
    .regex(/^\d+(kb|mb)$/)
    .default('64kb')
    .describe('Largest request body, in `kb` or `mb`.'),
  IDLE_MINUTES: Minutes.default(30).describe('Minutes without activity after which a workspace is stopped.'),
  PROVISION_MINUTES: Minutes.default(20).describe('Minutes within which a workspace must become usable.'),
  HEARTBEAT_LOST_MINUTES: Minutes.default(15).describe(
    'Minutes without a heartbeat after which the machine is looked at.',
  ),
  MAX_HISTORY_EVENTS: z.coerce
    .number()
    .int()
    .min(100)
    .max(40_000)
    .default(4000)
    .describe('History length at which a workspace continues in a fresh execution.'),
});

export type ApiSettings = z.infer<typeof apiSettings>;

/** Fails with `SettingsError`, which names every setting at fault. */
export function readApiSettings(environment: NodeJS.ProcessEnv = process.env): ApiSettings {
  return readSettings(apiSettings, environment);
}
