/** Whether a run could work with the credentials that it names, asked before anything is made for it. */
import { kindsFor, type CredentialKind } from '../store/credential-value.ts';
import type { GatewayControl } from '../gateway/control/control-client.ts';
import type { Credential, Credentials } from '../store/gateway.ts';
import type { RunUpkeepSteps } from '../workflows/contract/run-steps.ts';
import { modelOf } from './door-policy.ts';
import { failure } from './failures.ts';

type Checked = Parameters<RunUpkeepSteps['checkCredentials']>[0];

/** What asks a credential's provider. A host without a gateway cannot. */
export type ProviderQuestion = Pick<GatewayControl, 'checkCredential'>;

export interface CheckParts {
  credentials: Pick<Credentials, 'read'>;
  gateway: ProviderQuestion;
}

/** Fails with `SecretMissing`, or with `CredentialRefused`. */
export async function checkRunCredentials({ credentials, gateway }: CheckParts, run: Checked): Promise<void> {
  const { agent, modelCredential, repository } = run;
  if (modelCredential !== null) {
    const found = await named(credentials, modelCredential);
    checkKind(found, kindsFor(modelOf(agent)));
    await checkAtProvider(gateway, found);
  }
  if (repository?.credential) checkKind(await named(credentials, repository.credential), ['git_token']);
}

/**
 * Fails with `CredentialRefused` when the provider does not take the credential. Where it says nothing, or cannot be asked from this
 * host, what was noted of it before counts.
 */
export async function checkAtProvider(
  gateway: ProviderQuestion,
  { name, failing }: Pick<Credential, 'name' | 'failing'>,
): Promise<void> {
  // Whatever keeps a gateway from answering says nothing about the credential.
  const { status, reason } = await gateway.checkCredential(name).catch(() => cannotTell);
  const why = status === 'unknown' ? failing : reason;
  if (why !== null) throw failure('CredentialRefused', `The credential "${name}" does not work: ${why}`);
}

const cannotTell = { status: 'unknown', reason: null } as const;

async function named(credentials: CheckParts['credentials'], name: string): Promise<Credential> {
  const found = await credentials.read(name);
  if (!found) throw failure('SecretMissing', `There is no credential "${name}".`);
  return found;
}

function checkKind({ name, kind }: Credential, fitting: readonly CredentialKind[]): void {
  if (!fitting.includes(kind)) {
    throw failure(
      'CredentialRefused',
      `The credential "${name}" is of kind ${kind}; needed is ${fitting.join(' or ')}.`,
    );
  }
}
