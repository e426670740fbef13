import { CallbackNotAllowed, checkCallbackUrl } from '../../callbacks/rules.ts';
import { readSigningSecrets } from '../../callbacks/signing-secrets.ts';
import type { RunCallback } from '../../workflows/contract/run.ts';
import { problemAt } from '../problems.ts';
import type { Services } from '../services.ts';

/** The callback, if it can be signed and may be sent there. Fails with `invalid_callback`. */
export async function chooseCallback(
  { settings, store }: Services,
  { url, signer }: { url: string; signer: string },
): Promise<RunCallback> {
  checkUrl(url, settings);
  const secrets = await readSigningSecrets(store.secrets, signer);
  if (secrets.length > 0) return { url, signer };
  throw problemAt('invalid_callback', 'callback.signer', `There is no signer called ${signer}.`);
}

function checkUrl(url: string, settings: Services['settings']): void {
  const rules = {
    insecureHosts: settings.CALLBACK_INSECURE_HOSTS,
    privateHosts: settings.CALLBACK_PRIVATE_HOSTS,
  };
  try {
    checkCallbackUrl(url, rules);
  } catch (error) {
    if (error instanceof CallbackNotAllowed) throw problemAt('invalid_callback', 'callback.url', error.message);
    throw error;
  }
}
