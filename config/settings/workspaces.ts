/** What a workspace may be made from, and how long it lives. */
import { z } from 'zod';
import { Hosts, Minutes } from '../settings.ts';

export const workspaceSettings = z.object({
  BASE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?$/)
    .default('localhost')
    .describe('Workspaces are reached at `ui.<id>.vm.<this domain>`.'),
  GIT_INSECURE_HOSTS: Hosts.describe(
    'Git hosts that may be reached by plain http: host or host:port, comma-separated.',
  ),
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
