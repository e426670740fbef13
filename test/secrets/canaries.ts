/** A credential of every kind that runs have to do with. They may go where they belong, and must be nowhere else. */
import { ownerToken } from '../support/api.ts';
import type { Owned } from '../support/client.ts';

/** With characters that look different in a URL. The last two are text, so that they can be told in base64 as well. */
export const canaries = {
  ownerToken,
  storedKey: 'sk-ant-api03-canary+stored/key=01',
  ownKey: 'sk-ant-api03-canary+own/key=02',
  accessToken: 'sk-ant-oat01-canary+access/token=03',
  refreshToken: 'sk-ant-ort01-canary+refresh/token=04',
  nextAccessToken: 'sk-ant-oat01-canary+access/token=05',
  nextRefreshToken: 'sk-ant-ort01-canary+refresh/token=06',
  storedGitToken: 'canary+stored/git/token=07',
  ownGitToken: 'canary+own/git/token=08',
  openaiKey: 'sk-proj-canary+openai/key=09',
  googleKey: 'AIzaCanary+google/key=10',
  signingSecret: 'canary+signing/secret=0000000011',
  secretKey: 'canary+of+the/key=00000000000012',
};

export type CanaryName = keyof typeof canaries;

/** What an endpoint for tokens answers. */
export const renewed = {
  access_token: canaries.nextAccessToken,
  refresh_token: canaries.nextRefreshToken,
  expires_in: 3600,
};

/** The form in which keys and signing secrets are given. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** Stores the ones that are stored, as their owner does. */
export async function storeCanaries(owned: Owned): Promise<void> {
  const { storedKey, openaiKey, googleKey, accessToken, refreshToken, storedGitToken, signingSecret } = canaries;
  // Old enough to be renewed before it is used.
  const expiresAt = Date.now() + 60_000;
  await put('PUT', '/credentials/anthropic', { kind: 'anthropic_api_key', apiKey: storedKey });
  await put('PUT', '/credentials/openai', { kind: 'openai_api_key', apiKey: openaiKey });
  await put('PUT', '/credentials/google', { kind: 'google_api_key', apiKey: googleKey });
  await put('PUT', '/credentials/subscription', { kind: 'anthropic_oauth', accessToken, refreshToken, expiresAt });
  await put('PUT', '/credentials/repository', { kind: 'git_token', token: storedGitToken });
  await put('POST', '/callback-signers/owner/secrets', { secret: `whsec_${base64(signingSecret)}` });

  async function put(method: string, address: string, body: object): Promise<void> {
    const { status, text } = await owned.call(method, address, { body });
    if (status >= 300) throw new Error(`${method} ${address}: ${text}`);
  }
}
