/** What is to be known of the operator's project, by the names that Hetzner's own tools use where they have one. */
import { z } from 'zod';
import { ServerSizes } from './sizes.ts';

const List = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().regex(/^[a-z0-9-]+$/, 'not a list like fsn1,nbg1')));

/** As Go writes short ones. */
const DurationMs = z
  .string()
  .regex(/^\d+(ms|s)$/, 'not a duration like 500ms or 1s')
  .transform((text) => Number.parseInt(text) * (text.endsWith('ms') ? 1 : 1000));

export const hetznerSettings = z.object({
  HCLOUD_TOKEN: z
    .string({ error: 'is not set' })
    .describe('API token of the Hetzner Cloud project, for reading and writing. A secret.'),
  HCLOUD_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .default('https://api.hetzner.cloud/v1')
    .describe('Base URL of the Hetzner Cloud API.'),
  HCLOUD_POLL_INTERVAL: z
    .string()
    .default('1s')
    .pipe(DurationMs)
    .describe('Time between two looks at something that Hetzner is at work on. Each counts against the rate limit.'),
  HCLOUD_LOCATIONS: z
    .string()
    .default('fsn1,nbg1,hel1')
    .pipe(List)
    .describe('Where servers are made: the first location that has room.'),
  HCLOUD_SIZES: z
    .string()
    .default('small=cx23,medium=cx33,large=cx43')
    .pipe(ServerSizes)
    .describe(
      'Server type of each size; `small=cx23|cpx11` names a second one for when no location has room for the first.',
    ),
  HCLOUD_IMAGE: z
    .string()
    .default('ubuntu-24.04')
    .describe('Image of a server. A snapshot made of it by Pawl comes first.'),
  HCLOUD_SSH_PUBLIC_KEY: z
    .string()
    .regex(/^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$/, 'not a public key like `ssh-ed25519 AAAA…`')
    .optional()
    .describe('Public key that may log in to servers as root. Opens port 22, which is closed without it.'),
});
export type HetznerSettings = z.infer<typeof hetznerSettings>;
