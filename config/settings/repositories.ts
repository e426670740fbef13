/** How repositories are cloned, and what may be published to them. */
import { z } from 'zod';
import { OnOff } from '../settings.ts';

const Megabytes = z.coerce.number().int().min(1).max(100_000);

/** `Name <address>`, as git writes it, without what git would drop or break off at. */
const Identity = z
  .string()
  .regex(/^[^<>\p{Cc}]*[^<>\p{Cc}\s][^<>\p{Cc}]* <[^<>\p{Cc}\s]+>$/u, 'Name <address>')
  .transform((text) => {
    const [name = '', email = ''] = text.slice(0, -1).split(' <');
    return { name: name.trim(), email };
  });

export const repositorySettings = z.object({
  CLONE_DEPTH: z.coerce
    .number()
    .int()
    .min(0)
    .default(1000)
    .describe('Commits of history that an agent gets to see; 0 is all of them.'),
  REPOSITORY_MAX_MB: Megabytes.default(2000).describe('Largest repository that is cloned for an agent, as a pack.'),
  GIT_MINUTES: z.coerce
    .number()
    .positive()
    .max(240)
    .default(15)
    .describe('Minutes that a single git command may take.'),
  PUBLISH_IDENTITY: z
    .string()
    .default('Pawl <pawl@localhost>')
    .pipe(Identity)
    .describe('Author and committer of what is published: `Name <address>`.'),
  PUBLISH_CI_FILES: OnOff.default(false).describe(
    "Whether agents may change CI files, such as GitHub's workflows: on or off.",
  ),
  PUBLISH_MAX_FILES: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(5000)
    .describe('Most files that one publication may change.'),
  PUBLISH_MAX_FILE_MB: Megabytes.default(20).describe('Largest file that may be published.'),
  PUBLISH_MAX_TOTAL_MB: Megabytes.default(100).describe('Most new content of one publication.'),
  HTTPS_PROXY: z.string().optional().describe('Proxy through which git reaches servers.'),
  NO_PROXY: z.string().optional().describe('Hosts that git reaches without the proxy.'),
  GIT_SSL_CAINFO: z
    .string()
    .optional()
    .describe('File with certificates of authorities that git trusts instead of the host’s.'),
});
