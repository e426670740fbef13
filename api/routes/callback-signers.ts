/** Who signs callbacks: secrets that the receivers know, shown once. */
import { z } from 'zod';
import { retireSigningSecrets, rotateSigningSecret } from '../../callbacks/signing-secrets.ts';
import { CredentialName } from '../../store/credential-value.ts';
import { SigningSecret } from '../../workflows/contract/callback.schema.ts';
import { SignerChanged, SignerSecret } from '../answers-callbacks.ts';
import { route, type Call, type Reply } from '../route.ts';
import type { Services } from '../services.ts';

const OneSigner = z.object({ name: CredentialName });
const NewSecret = z.object({ secret: SigningSecret.optional().meta({ description: 'A random one when missing.' }) });

export const callbackSignerRoutes = [
  route({
    method: 'post',
    path: '/callback-signers/:name/secrets',
    operationId: 'addSigningSecret',
    summary: 'Give a signer its first secret, or one more: until the older ones are retired, all of them sign; audited',
    caller: 'owner',
    limit: 'extend',
    params: OneSigner,
    paramsProblem: 'validation_error',
    body: NewSecret,
    plan: () => crypto.randomUUID(),
    answer: { status: 201, schema: SignerSecret, description: 'The secret, for the receiver; it is shown here only.' },
    handle: addSecret,
  }),
  route({
    method: 'delete',
    path: '/callback-signers/:name/secrets',
    operationId: 'retireSigningSecrets',
    summary: 'Retire all secrets of a signer but the newest; audited',
    caller: 'owner',
    limit: 'delete',
    params: OneSigner,
    paramsProblem: 'validation_error',
    answer: { status: 200, schema: SignerChanged, description: 'The newest alone signs.' },
    handle: retireSecrets,
  }),
];

async function addSecret(
  { params: { name }, body, actor, requestId }: Call<typeof OneSigner, z.ZodObject, typeof NewSecret>,
  { store }: Services,
): Promise<Reply<z.infer<typeof SignerSecret>>> {
  const secret = await rotateSigningSecret(store.secrets, name, body.secret);
  await store.audit.record({ actor, action: 'signer.add-secret', subject: `signer:${name}`, requestId });
  return { body: { name, secret }, headers: { 'Cache-Control': 'no-store' } };
}

async function retireSecrets(
  { params: { name }, actor, requestId }: Call<typeof OneSigner>,
  { store }: Services,
): Promise<Reply<z.infer<typeof SignerChanged>>> {
  await retireSigningSecrets(store.secrets, name);
  await store.audit.record({ actor, action: 'signer.retire-secrets', subject: `signer:${name}`, requestId });
  return { body: { name, message: 'The newest secret alone signs.' } };
}
