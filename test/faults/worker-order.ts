import { z } from 'zod';

/** What the test's worker is started with, as JSON in its only argument. */
export const WorkerOrder = z.object({
  /** Folder of the gates; `null` for none. */
  gates: z.string().nullable(),
  /** Folder of the scripted provider. */
  cloud: z.string(),
  /** Where every machine's terminal answers, on 127.0.0.1. */
  terminalPort: z.number(),
  machineApiUrl: z.string(),
});
export type WorkerOrder = z.infer<typeof WorkerOrder>;
