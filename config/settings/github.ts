/** Where GitHub is. */
import { z } from 'zod';

const HostAndApi = z.tuple([z.string().regex(/^[a-z0-9.-]+(:\d{1,5})?$/), z.url({ protocol: /^https?$/ })]);

/** `host=address of its API`, comma-separated. */
const GitHubHosts = z
  .string()
  .default('github.com=https://api.github.com')
  .transform((text) => text.split(',').map((entry) => entry.trim().split('=')))
  .pipe(z.array(HostAndApi, 'a list of host=https://…'))
  .transform((entries) => new Map(entries));

export const gitHubSettings = z.object({
  GITHUB_HOSTS: GitHubHosts.describe(
    'Hosts of repositories that speak GitHub’s API, each with its base URL, comma-separated; an Enterprise Server is `git.example.com=https://git.example.com/api/v3`. Pull requests can be opened there.',
  ),
});
