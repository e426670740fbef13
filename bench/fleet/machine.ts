import { z } from 'zod';

/** What the load generator knows of a machine. */
export const LoadMachine = z.object({ id: z.string(), token: z.string() });
export type LoadMachine = z.infer<typeof LoadMachine>;
