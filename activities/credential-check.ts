/** Whether a run could work with the credentials that it names, asked before anything is made for it. */
import type { CredentialKind } from '../store/credential-value.ts';
import type { Credential, Credentials } from '../store/gateway.ts';
import type { RunUpkeepSteps } from '../workflows/contract/run-steps.ts';
import { modelOf } from './door-policy.ts';
import { failure } from './failures.ts';

type Checked = Parameters<RunUpkeepSteps['checkCredentials']>[0];

const kindsOf: Record<'anthropic' | 'openai' | 'google', readonly CredentialKind[]> = {
  anthropic: ['anthropic_api_key', 'anthropic_oauth'],
  openai: ['openai_api_key'],
  google: ['google_api_key'],
};

/** Fails with `SecretMissing`, or with `CredentialRefused`. */
export async function checkRunCredentials(credentials: Credentials, run: Checked): Promise<void> {
  const { agent, modelCredential, repository } = run;
  const model = modelOf(agent);
  if (model !== null && modelCredential !== null) checkKind(await named(credentials, modelCredential), kindsOf[model]);
  if (repository?.credential) checkKind(await named(credentials, repository.credential), ['git_token']);
}

async function named(credentials: Credentials, name: string): Promise<Credential> {
  const found = await credentials.read(name);
  if (!found) throw failure('SecretMissing', `There is no credential "${name}".`);
  return found;
}

function checkKind({ name, kind, failing }: Credential, fitting: readonly CredentialKind[]): void {
  if (!fitting.includes(kind)) {
    throw failure(
      'CredentialRefused',
      `The credential "${name}" is of kind ${kind}; needed is ${fitting.join(' or ')}.`,
    );
  }
  if (failing !== null)
    throw failure('CredentialRefused', `The credential "${name}" does not work any more: ${failing}`);
}
