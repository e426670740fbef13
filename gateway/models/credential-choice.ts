/** Which credential a run's call is made with, and what becomes known of it. */
import type { CredentialValue } from '../../store/credential-value.ts';
import type { Visit } from '../http/door-handler.ts';
import { tellRun } from '../run-events.ts';
import type { ModelApi } from './model-api.ts';
import { ModelRefusal } from './model-refusal.ts';

export interface ChosenCredential {
  /** `null` where the run's policy wants none. */
  name: string | null;
  version: number;
  isFailing: boolean;
  headers: Record<string, string>;
  /** What must not be found in anything that an agent sees. */
  secrets: string[];
}

/** Fails with `ModelRefusal` when the run may not use this API, and with `CredentialUnusable`. */
export async function chooseCredential({ services, state, request }: Visit, api: ModelApi): Promise<ChosenCredential> {
  const name = state.door.policy.models[api.id];
  if (name === undefined) throw new ModelRefusal(403, 'permission', `This run has no credential for ${api.id}.`);
  const beta = request.headers['anthropic-beta'];
  const betaHeader = Array.isArray(beta) ? beta.join(',') : beta;
  const plain: Record<string, string> = betaHeader === undefined ? {} : { 'anthropic-beta': betaHeader };
  if (name === null) return { name, version: 0, isFailing: false, headers: plain, secrets: [] };

  const { value, version, failing } = await services.credentials.use(name);
  const headers = api.authenticate(value, betaHeader);
  if (!headers) throw new ModelRefusal(403, 'permission', `The credential ${name} is not one for ${api.id}.`);
  return { name, version, isFailing: failing !== null, headers: { ...plain, ...headers }, secrets: secretsOf(value) };
}

/** Notes that the provider does not take the credential: at the credential, and in the run's events. */
export async function noteRefused(
  { services, state }: Visit,
  api: ModelApi,
  { name, version }: ChosenCredential,
  status: number,
): Promise<void> {
  if (name === null) return;
  await services.store.credentials.report(name, version, refusalBy(api, status));
  const data = { credential: name, api: api.id, status };
  await tellRun(services, state, { key: `credential-refused:${name}:${version}`, type: 'credential.refused', data });
}

/** What is noted of a credential that its provider refused. None of the provider's words: they may quote a part of the key. */
export function refusalBy({ id }: ModelApi, status: number): string {
  return `Refused by ${id} (${status}).`;
}

/** Notes that the provider takes a credential again. */
export async function noteAccepted({ services }: Visit, { name, version, isFailing }: ChosenCredential): Promise<void> {
  if (name !== null && isFailing) await services.store.credentials.report(name, version, null);
}

/** The text, with whatever must not be seen taken out. */
export function withoutSecrets(text: string, { secrets }: ChosenCredential): string {
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, '[secret]'), text);
}

function secretsOf(value: CredentialValue): string[] {
  switch (value.kind) {
    case 'anthropic_oauth':
      return [value.accessToken, ...(value.refreshToken === null ? [] : [value.refreshToken])];
    case 'git_token':
      return [value.token];
    case 'anthropic_api_key':
    case 'openai_api_key':
    case 'google_api_key':
      return [value.apiKey];
  }
}
