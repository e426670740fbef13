/** Credentials that can be used now. An access token about to expire is renewed first, by exactly one of all who need it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pRetry from 'p-retry';
import type { Logger } from 'pino';
import type { OauthCredential } from '../../store/credential-value.ts';
import type { Credential, Credentials } from '../../store/gateway.ts';
import type { Metrics } from '../metrics.ts';
import { shared } from '../shared.ts';
import type { Exchange } from './oauth-exchange.ts';

/** So long before its end an access token is renewed: longer than the clocks of hosts differ. */
const marginMs = 5 * 60_000;
/** Longer than an exchange may take. */
const leaseMs = 60_000;
const pollMs = 100;

/** The credential cannot be used: it is not there, or has expired and was not renewed. */
export class CredentialUnusable extends Error {
  override name = 'CredentialUnusable';
  /** Whether a later try may succeed. */
  readonly isTemporary: boolean;

  constructor(message: string, isTemporary = false) {
    super(message);
    this.isTemporary = isTemporary;
  }
}

export interface FreshCredentials {
  /** The credential, renewed if need be. Rejects with `CredentialUnusable`. */
  use(name: string): Promise<Credential>;
}

interface Parts {
  credentials: Credentials;
  exchange: Exchange;
  metrics: Metrics;
  log: Logger;
}

/** Any number of these, in any number of processes, renew a token once. */
export function createFreshCredentials(parts: Parts): FreshCredentials {
  return { use: shared((name) => use(parts, name)) };
}

async function use(parts: Parts, name: string): Promise<Credential> {
  for (let isRenewed = false; ;) {
    const credential = await parts.credentials.read(name);
    if (!credential) throw new CredentialUnusable(`There is no credential ${name}.`);
    switch (stepFor(credential, Date.now())) {
      case 'use':
        return credential;
      case 'refresh': {
        // Its provider gives no tokens that are good for longer than the margin.
        if (isRenewed) return credential;
        const outcome = await refresh(parts, credential);
        if (outcome === 'not now') return untilItExpires(credential);
        isRenewed = outcome === 'renewed';
        break;
      }
      case 'wait':
        await sleep(pollMs);
        break;
      case 'give up':
        await parts.credentials.report(name, credential.version, credential.failing ?? 'It has expired.');
        throw new CredentialUnusable(`The credential ${name} has expired. Store it again.`);
    }
  }
}

function untilItExpires(credential: Credential): Credential {
  if ((credential.value as OauthCredential).expiresAt > Date.now()) return credential;
  throw new CredentialUnusable(`The credential ${credential.name} cannot be renewed now.`, true);
}

/** What is to be done with a credential before it can be used. */
export function stepFor({ value, refreshUntil }: Credential, now: number): 'use' | 'refresh' | 'wait' | 'give up' {
  if (value.kind !== 'anthropic_oauth' || value.expiresAt - now > marginMs) return 'use';
  if (value.refreshToken !== null && refreshUntil === null) return 'refresh';
  if (value.refreshToken !== null && refreshUntil!.getTime() > now) return 'wait';
  // Nobody can renew it, or somebody tried and did not come to an end.
  return value.expiresAt > now ? 'use' : 'give up';
}

/**
 * Providers take a refresh token once, and take a second time for a theft, after which nothing of that login works any more.
 * So the right to use it is claimed in the store, and given back only when the token was certainly not used.
 */
async function refresh(
  parts: Parts,
  { name, version, value }: Credential,
): Promise<'renewed' | 'look again' | 'not now'> {
  const { credentials, exchange, metrics, log } = parts;
  if (!(await credentials.claimRefresh(name, version, new Date(Date.now() + leaseMs)))) return 'look again';

  const outcome = await exchange(value as OauthCredential);
  metrics.refreshes.inc({ outcome: outcome.kind });
  log[outcome.kind === 'renewed' ? 'info' : 'warn'](
    { credential: name, outcome: outcome.kind },
    'renewing a credential',
  );
  switch (outcome.kind) {
    case 'renewed':
      // Nobody else has the new tokens, and the old ones work no more.
      await pRetry(() => credentials.rotate(name, version, outcome.value), { retries: 8, minTimeout: 100 });
      return 'renewed';
    case 'not used':
      await credentials.releaseRefresh(name, version);
      return 'not now';
    case 'refused':
    case 'unknown':
      await credentials.forfeitRefresh(name, version, outcome.reason);
      return 'look again';
  }
}
