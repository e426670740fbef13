/** Credentials by name: put in, replaced and removed, never read back. Every change is written down, without the value. */
import { z } from 'zod';
import { CredentialName, CredentialValue } from '../../store/credential-value.ts';
import { GatewayUnreachable } from '../../gateway/control/control-client.ts';
import type { CredentialVerdict } from '../../gateway/credentials/verdict.ts';
import { CredentialChecked, CredentialList, CredentialRemoved, StoredCredential } from '../credential-answers.ts';
import { Problem, problemAt } from '../problems.ts';
import { route, type Call, type Reply } from '../route.ts';
import { isRunsOwn } from '../runs/own-credentials.ts';
import type { Services } from '../services.ts';

const OneCredential = z.object({ name: CredentialName });

export const storedCredentialRoutes = [
  route({
    method: 'get',
    path: '/credentials',
    operationId: 'listStoredCredentials',
    summary: 'List the stored credentials, without their values',
    caller: 'owner',
    limit: 'read',
    answer: { status: 200, schema: CredentialList, description: 'Those of runs that go on are not among them.' },
    handle: showCredentials,
  }),
  route({
    method: 'put',
    path: '/credentials/:name',
    operationId: 'storeCredential',
    summary: 'Store a credential under a name, or replace it; audited',
    caller: 'owner',
    limit: 'read',
    params: OneCredential,
    paramsProblem: 'validation_error',
    body: CredentialValue,
    answer: {
      status: 200,
      schema: StoredCredential,
      description: 'Stored; what runs go on with it use the new value.',
    },
    problems: ['validation_error'],
    handle: storeCredential,
  }),
  route({
    method: 'post',
    path: '/credentials/:name/check',
    operationId: 'checkCredential',
    summary: 'Ask the credential’s provider whether it takes it; audited',
    caller: 'owner',
    limit: 'read',
    params: OneCredential,
    paramsProblem: 'credential_not_found',
    answer: {
      status: 200,
      schema: CredentialChecked,
      description: 'Costs no tokens. `unknown` when the provider said nothing about it, or no gateway is there to ask.',
    },
    problems: ['credential_not_found'],
    handle: checkCredential,
  }),
  route({
    method: 'delete',
    path: '/credentials/:name',
    operationId: 'removeCredential',
    summary: 'Remove a credential; audited',
    caller: 'owner',
    limit: 'delete',
    params: OneCredential,
    paramsProblem: 'credential_not_found',
    answer: { status: 200, schema: CredentialRemoved, description: 'Runs that use it fail at their next call.' },
    problems: ['credential_not_found'],
    handle: removeCredential,
  }),
];

async function showCredentials(_call: Call, { store }: Services): Promise<Reply<CredentialList>> {
  const credentials = (await store.credentials.list()).filter(({ name }) => !isRunsOwn(name));
  return { body: { credentials } };
}

async function storeCredential(
  { params: { name }, body, actor, requestId }: Call<typeof OneCredential, z.ZodObject, typeof CredentialValue>,
  { store }: Services,
): Promise<Reply<StoredCredential>> {
  if (isRunsOwn(name)) throw problemAt('validation_error', 'name', 'Names like this are those of runs.');
  const version = await store.credentials.put(name, body);
  const details = { kind: body.kind, version };
  await store.audit.record({ actor, action: 'credential.store', subject: `credential:${name}`, requestId, details });
  return { body: await find(store, name) };
}

async function checkCredential(
  { params: { name }, actor, requestId }: Call<typeof OneCredential>,
  { store, gateway }: Services,
): Promise<Reply<CredentialChecked>> {
  await find(store, name);
  const verdict = await gateway.checkCredential(name, { isFresh: true }).catch(noGateway);
  const details = { status: verdict.status };
  await store.audit.record({ actor, action: 'credential.check', subject: `credential:${name}`, requestId, details });
  return { body: { name, ...verdict } };
}

function noGateway(error: unknown): CredentialVerdict {
  if (error instanceof GatewayUnreachable) return { status: 'unknown', reason: error.message };
  throw error;
}

async function removeCredential(
  { params: { name }, actor, requestId }: Call<typeof OneCredential>,
  { store }: Services,
): Promise<Reply<CredentialRemoved>> {
  await find(store, name);
  await store.credentials.remove(name);
  await store.audit.record({ actor, action: 'credential.remove', subject: `credential:${name}`, requestId });
  return { body: { name, removed: true } };
}

async function find({ credentials }: Services['store'], name: string): Promise<StoredCredential> {
  const found = (await credentials.list()).find((credential) => credential.name === name && !isRunsOwn(name));
  if (found) return found;
  throw new Problem('credential_not_found', `There is no stored credential called ${name}.`);
}
