/** One call to a credential's provider that shows whether it takes the credential. */
import type { CredentialValue } from '../../store/credential-value.ts';
import { refusalBy } from '../models/credential-choice.ts';
import { findApiFor } from '../models/index.ts';
import { readShort } from '../models/read-short.ts';
import type { Upstream } from '../models/upstream.ts';
import type { CredentialVerdict } from './verdict.ts';

/**
 * Never rejects. Only an answer that clearly speaks of the credential counts: a proxy may lack the route that is asked for, and a
 * provider may be busy or away.
 */
export async function tryCredential(
  upstream: Pick<Upstream, 'send'>,
  value: CredentialValue,
  signal: AbortSignal,
): Promise<CredentialVerdict> {
  const found = findApiFor(value);
  if (!found) return { status: 'unknown', reason: `No model is called with a credential of kind ${value.kind}.` };
  const { api, headers } = found;
  try {
    const answer = await upstream.send(api.id, {
      ...{ method: 'GET', path: api.trial.path, body: null, signal },
      headers: { ...api.trial.headers, ...headers, 'accept-encoding': 'identity' },
    });
    const text = await readShort(answer.body);
    if (answer.status < 300) return { status: 'ok', reason: null };
    if (api.isRefusal(answer.status, text)) return { status: 'refused', reason: refusalBy(api, answer.status) };
    return { status: 'unknown', reason: `Its provider answers with ${answer.status}.` };
  } catch {
    return { status: 'unknown', reason: 'Its provider does not answer.' };
  }
}
