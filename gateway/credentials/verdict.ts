import { z } from 'zod';

/** What is known of a credential by asking its provider; `unknown` when that said nothing about it. Never a secret. */
export const CredentialVerdict = z.object({
  status: z.enum(['ok', 'refused', 'unknown']),
  /** Why it is not `ok`. */
  reason: z.string().nullable(),
});
export type CredentialVerdict = z.infer<typeof CredentialVerdict>;
