/** What a workspace may be made from, and how long it lives. */
import { z } from 'zod';
import { dnsLayouts } from '../../workflows/contract/hostnames.ts';
import { Hosts, Minutes } from '../settings.ts';

/** Like `50 EUR`, in millionths. */
const Money = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})? [A-Z]{3}$/, 'an amount and a currency, like 50 EUR')
  .transform((text) => {
    const [amount = '', currency = ''] = text.split(' ');
    return { micros: Math.round(Number(amount) * 1_000_000), currency };
  });

export const workspaceSettings = z.object({
  BASE_DOMAIN: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]{0,180}[a-z0-9])?$/)
    .default('localhost')
    .describe('Workspaces are reached at names below this domain.'),
  DNS_LAYOUT: z
    .enum(dnsLayouts)
    .default('wildcard')
    .describe(
      '`wildcard`: `ui.<id>.vm.<domain>`, and every other name below it is the machine’s too. `flat`: `ui-<id>.<domain>`, which free edge certificates cover.',
    ),
  GIT_INSECURE_HOSTS: Hosts.describe(
    'Git hosts that may be reached by plain http: host or host:port, comma-separated.',
  ),
  IDLE_MINUTES: Minutes.default(30).describe('Minutes without activity after which a workspace is stopped.'),
  MAX_LIFETIME_HOURS: z.coerce
    .number()
    .min(0)
    .max(8760)
    .default(24)
    .describe('Hours from acceptance after which a workspace is stopped, whatever goes on in it; 0 for no such limit.'),
  MONTHLY_COST_CAP: Money.optional().describe(
    'What machines may cost in a calendar month, like `50 EUR`. When it is reached, no workspace is created until the next one; what exists goes on.',
  ),
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
