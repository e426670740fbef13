import type { ModelApi } from '../../agent-host/agents/agent.ts';
import { modelCredentialKinds, type CredentialKind } from '../../store/credential-value.ts';
import { problemAt } from '../problems.ts';
import type { Services } from '../services.ts';

/**
 * The stored credential that calls this model API: the one that was asked for, or else the one that has the API's name. `null`
 * for agents that need none. Fails with `invalid_credential` when there is none, or it is of another kind.
 */
export async function chooseModelCredential(
  services: Services,
  model: ModelApi | null,
  given: string | undefined,
): Promise<string | null> {
  const name = given ?? model;
  if (name === null) return null;
  checkModelKind(model, await kindOf(services, name, 'credential'));
  return name;
}

/** Fails with `invalid_credential` unless a credential of this kind opens the model API; any does for `null`. */
export function checkModelKind(model: ModelApi | null, kind: CredentialKind): void {
  checkKind(kind, model ? modelCredentialKinds[model] : Object.values(modelCredentialKinds).flat(), 'credential');
}

/** Fails with `invalid_credential` unless it is stored, and gives access to repositories. */
export async function checkGitCredential(services: Services, name: string): Promise<void> {
  const field = 'repository.credential';
  checkKind(await kindOf(services, name, field), ['git_token'], field);
}

async function kindOf({ store }: Services, name: string, field: string): Promise<CredentialKind> {
  const found = (await store.credentials.list()).find((credential) => credential.name === name);
  if (found) return found.kind;
  throw problemAt('invalid_credential', field, `There is no stored credential called ${name}.`);
}

function checkKind(kind: CredentialKind, wanted: readonly CredentialKind[], field: string): void {
  if (wanted.includes(kind)) return;
  const words = `The credential is of kind ${kind}, and this needs ${wanted.join(' or ')}.`;
  throw problemAt('invalid_credential', field, words);
}
