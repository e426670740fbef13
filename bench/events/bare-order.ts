import { z } from 'zod';

/** What the bare server is told, as JSON on its standard input. */
export const BareOrder = z.object({
  /** Of its database. */
  file: z.string(),
  events: z.number(),
});
export type BareOrder = z.infer<typeof BareOrder>;

/** What it says first; told `go`, it appends, and says `done` when that is done and all is sent. */
export const Listening = z.object({ port: z.number() });
