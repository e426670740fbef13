/** Where machines come from, and what each is told at its creation. A provider's own settings stand in its file. */
import { z } from 'zod';
import { Minutes } from '../settings.ts';

export const machineSettings = z.object({
  MACHINE_PROVIDER: z.string().default('docker').describe('Id of the provider that new workspaces get a machine from.'),
  MACHINE_API_URL: z
    .url({ protocol: /^https?$/ })
    .default('http://host.docker.internal:3101')
    .describe('Base URL under which machines reach the control plane: its second listener, or the proxy before it.'),
  MACHINE_TLS: z
    .enum(['internal', 'origin'])
    .default('internal')
    .describe(
      'Who signs a machine’s certificate: its own authority (`internal`; Cloudflare’s SSL mode *Full*), or Cloudflare’s Origin CA (`origin`; *Full (strict)*).',
    ),
  HEARTBEAT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .default(30)
    .describe('Seconds between two heartbeats of a machine.'),
  DEAD_MAN_MINUTES: Minutes.default(60).describe(
    'Minutes without an accepted heartbeat after which a machine powers itself off.',
  ),
});
