import type { ModelApi } from '../../agent-host/agents/agent.ts';
import { goesToProvider } from '../../config/model-endpoints.ts';
import { kindsFor, type CredentialKind } from '../../store/credential-value.ts';
import { problemAt } from '../problems.ts';
import type { Services } from '../services.ts';
import { isRunsOwn } from './own-credentials.ts';

/**
 * The stored credential that calls this model API: the one that was asked for, or else the one that has the API's name. `null`
 * for agents that need none, and where a model of one's own is called that may want none. Fails with `invalid_credential` when
 * there is none, or it is of another kind.
 */
export async function chooseModelCredential(
  services: Services,
  model: ModelApi | null,
  given: string | undefined,
): Promise<string | null> {
  const isLeftToUs = given === undefined && model !== null;
  if (isLeftToUs && (await mayDoWithout(services, model))) return null;
  const name = given ?? model;
  if (name === null) return null;
  checkModelKind(model, await kindOf(services, name, 'credential'));
  return name;
}

async function mayDoWithout({ store, settings }: Services, model: ModelApi): Promise<boolean> {
  if (goesToProvider(settings, model)) return false;
  return !(await store.credentials.list()).some(({ name }) => name === model);
}

/** Fails with `invalid_credential` unless a credential of this kind opens the model API; any does for `null`. */
export function checkModelKind(model: ModelApi | null, kind: CredentialKind): void {
  checkKind(kind, kindsFor(model), 'credential');
}

/** Fails with `invalid_credential` unless it is stored, and gives access to repositories. */
export async function checkGitCredential(services: Services, name: string): Promise<void> {
  const field = 'repository.credential';
  checkKind(await kindOf(services, name, field), ['git_token'], field);
}

/** What came with another run is not told from what is not stored at all: it was given to that run alone. */
async function kindOf({ store }: Services, name: string, field: string): Promise<CredentialKind> {
  const found = isRunsOwn(name) ? undefined : (await store.credentials.list()).find((one) => one.name === name);
  if (found) return found.kind;
  throw problemAt('invalid_credential', field, `There is no stored credential called ${name}.`);
}

function checkKind(kind: CredentialKind, wanted: readonly CredentialKind[], field: string): void {
  if (wanted.includes(kind)) return;
  const words = `The credential is of kind ${kind}, and this needs ${wanted.join(' or ')}.`;
  throw problemAt('invalid_credential', field, words);
}
