/**
 * The secrets of a signer, by version. While one is being changed there are two, and both sign; so the receiver may change over
 * at any moment in between.
 */
import { randomBytes } from 'node:crypto';
import type { SecretStore } from '../store/store.ts';
import { callbackSecretNames } from '../workflows/contract/secrets.ts';

/** The signer's first secret: `given`, or a random one, unless there is one. Returns the one that the store has then. */
export function ensureSigningSecret(secrets: SecretStore, signer: string, given = newSecret()): Promise<string> {
  return secrets.ensure(callbackSecretNames(signer).version(1), given);
}

/** Adds a secret, and returns it. Two callers at once get the same one. The older ones sign as well until they are retired. */
export async function rotateSigningSecret(secrets: SecretStore, signer: string, given = newSecret()): Promise<string> {
  const [newest = 0] = await versionsOf(secrets, signer);
  return await secrets.ensure(callbackSecretNames(signer).version(newest + 1), given);
}

/** Removes all secrets of the signer but the newest. */
export async function retireSigningSecrets(secrets: SecretStore, signer: string): Promise<void> {
  const [, ...older] = await versionsOf(secrets, signer);
  for (const version of older) await secrets.removeAll(`${callbackSecretNames(signer).all}${version}/`);
}

/** What signs now, the newest first; none when the signer has no secret. */
export async function readSigningSecrets(secrets: SecretStore, signer: string): Promise<string[]> {
  const names = callbackSecretNames(signer);
  const versions = await versionsOf(secrets, signer);
  const values = await Promise.all(versions.map((version) => secrets.read(names.version(version))));
  return values.filter((value) => value !== undefined);
}

async function versionsOf(secrets: SecretStore, signer: string): Promise<number[]> {
  const { all } = callbackSecretNames(signer);
  const versions = (await secrets.list(all)).map(({ name }) => Number.parseInt(name.slice(all.length), 10));
  return versions.toSorted((one, other) => other - one);
}

function newSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`;
}
