import { z } from 'zod';

/** What the test's worker with runs is started with, as JSON in its only argument. */
export const RunWorkerOrder = z.object({
  /** Folder of the gates. */
  gates: z.string(),
  /** Where repositories are, and where callbacks go; both by plain http. */
  gitHost: z.string(),
  callbackHost: z.string(),
  /** As `GITHUB_HOSTS`. */
  gitHubHosts: z.string(),
  places: z.number(),
});
export type RunWorkerOrder = z.infer<typeof RunWorkerOrder>;
