import { knownSecretFinder } from './known-secrets.ts';
import { findSecrets } from './secret-rules.ts';

/** Says of words whether they may leave: they hold none of these values, and nothing that looks like somebody's secret. */
export function fitWords(secrets: readonly string[]): (text: string) => Promise<boolean> {
  const holdsSecret = knownSecretFinder(secrets);
  return async (text) => !holdsSecret(Buffer.from(text)) && (await findSecrets(text)).length === 0;
}
