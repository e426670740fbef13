/** Credentials that come with a request: they are its run's own, and go when that ends. */
import type { CredentialValue } from '../../store/credential-value.ts';
import type { Store } from '../../store/store.ts';
import { runCredentials, runOfCredential, type RunInput } from '../../workflows/contract/run.ts';

export interface OwnCredentials {
  model?: CredentialValue | undefined;
  git?: CredentialValue | undefined;
}

type Places = Pick<RunInput, 'modelCredential' | 'repository'>;

/** Keeps them under the run's names, and puts these where the run is to find them. */
export async function keepOwnCredentials(
  { credentials }: Pick<Store, 'credentials'>,
  runId: string,
  { model, git }: OwnCredentials,
  places: Places,
): Promise<Places> {
  const names = runCredentials(runId);
  if (model) await credentials.put(names.model, model);
  if (git) await credentials.put(names.git, git);
  return {
    modelCredential: model ? names.model : places.modelCredential,
    repository: places.repository && { ...places.repository, ...(git && { credential: names.git }) },
  };
}

/** Removes what the run brought along; none there is fine. */
export async function forgetOwnCredentials({ credentials }: Pick<Store, 'credentials'>, runId: string): Promise<void> {
  for (const name of Object.values(runCredentials(runId))) await credentials.remove(name);
}

/** The name, if the credential outlives the run that it was used by; `null` for one that was a run's own. */
export function storedName(name: string | null): string | null {
  return name !== null && isRunsOwn(name) ? null : name;
}

/** Whether the name is one that a run's own credential has: nobody else may use it. */
export function isRunsOwn(name: string): boolean {
  return runOfCredential(name) !== undefined;
}
