/** What the API answers with about credentials. Never a value. */
import { z } from 'zod';
import { CredentialName, credentialKinds } from '../store/credential-value.ts';
import { CredentialVerdict } from '../gateway/credentials/verdict.ts';
import { Time } from './answers.ts';

export const StoredCredential = z
  .object({
    name: CredentialName,
    kind: z.enum(credentialKinds),
    version: z.number().int().meta({ description: 'How often it was stored or refreshed.' }),
    failing: z.string().nullable().meta({ description: 'Why its provider does not take it; null as far as is known.' }),
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'StoredCredential' });
export type StoredCredential = z.infer<typeof StoredCredential>;

export const CredentialList = z.object({ credentials: z.array(StoredCredential) }).meta({ id: 'CredentialList' });
export type CredentialList = z.infer<typeof CredentialList>;

export const CredentialRemoved = z
  .object({ name: z.string(), removed: z.literal(true) })
  .meta({ id: 'CredentialRemoved' });
export type CredentialRemoved = z.infer<typeof CredentialRemoved>;

export const CredentialChecked = z
  .object({ name: z.string(), ...CredentialVerdict.shape })
  .meta({ id: 'CredentialChecked' });
export type CredentialChecked = z.infer<typeof CredentialChecked>;
