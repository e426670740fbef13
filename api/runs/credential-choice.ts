import type { CredentialKind } from '../../store/credential-value.ts';
import { problemAt } from '../problems.ts';
import type { Services } from '../services.ts';
import type { ModelApi } from './agents.ts';

/** Which credentials open which model API. */
const kinds: Record<ModelApi, readonly CredentialKind[]> = {
  anthropic: ['anthropic_api_key', 'anthropic_oauth'],
  openai: ['openai_api_key'],
  google: ['google_api_key'],
};

/**
 * The stored credential that calls this model API: the one that was asked for, or else the one that has the API's name. `null`
 * for agents that need none. Fails with `invalid_credential` at the field when there is none, or it is of another kind.
 */
export async function chooseModelCredential(
  services: Services,
  model: ModelApi | null,
  given: string | undefined,
  field: string,
): Promise<string | null> {
  const name = given ?? model;
  if (name === null) return null;
  await checkCredential(services, name, model ? kinds[model] : Object.values(kinds).flat(), field);
  return name;
}

/** Fails with `invalid_credential` at the field unless it is stored, and gives access to repositories. */
export async function checkGitCredential(services: Services, name: string, field: string): Promise<void> {
  await checkCredential(services, name, ['git_token'], field);
}

async function checkCredential(
  { store }: Services,
  name: string,
  wanted: readonly CredentialKind[],
  field: string,
): Promise<void> {
  const found = (await store.credentials.list()).find((credential) => credential.name === name);
  if (!found) throw problemAt('invalid_credential', field, `There is no stored credential called ${name}.`);
  if (wanted.includes(found.kind)) return;
  const words = `The credential ${name} is of kind ${found.kind}, and this needs ${wanted.join(' or ')}.`;
  throw problemAt('invalid_credential', field, words);
}
