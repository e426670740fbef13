/** Whether the providers take credentials, asked before anything is made that would need them. */
import { once } from 'node:events';
import type { Logger } from 'pino';
import type { Credential, Credentials } from '../../store/gateway.ts';
import type { Upstream } from '../models/upstream.ts';
import { shared } from '../shared.ts';
import { tryCredential } from './credential-trial.ts';
import { CredentialUnusable, type FreshCredentials } from './fresh-credentials.ts';
import type { CredentialVerdict } from './verdict.ts';

/** A run is held up no longer than this; its first call will tell. */
const patienceMs = 5_000;

/** Runs that begin one after the other need not ask each. */
const memoryMs = 60_000;

export interface CredentialChecks {
  /** Whether its provider takes the credential now; noted at the credential. Rejects only when the store fails. */
  ask(name: string): Promise<CredentialVerdict>;
  /** The same, from memory if that was asked a moment ago and nothing speaks against it since. */
  recall(name: string): Promise<CredentialVerdict>;
}

interface Parts {
  credentials: Pick<Credentials, 'report'>;
  fresh: FreshCredentials;
  upstream: Pick<Upstream, 'send'>;
  log: Logger;
  patienceMs?: number;
}

/** With a memory of its own, which may be lost. */
export function createCredentialChecks(parts: Parts): CredentialChecks {
  const memory = new Map<string, { version: number; verdict: CredentialVerdict; until: number }>();

  function remember({ name, version }: Credential, verdict: CredentialVerdict): void {
    for (const [known, { until }] of memory) if (until < Date.now()) memory.delete(known);
    memory.set(name, { version, verdict, until: Date.now() + memoryMs });
  }

  function remembered({ name, version, failing }: Credential): CredentialVerdict | undefined {
    const known = memory.get(name);
    const holds = known !== undefined && known.version === version && known.until > Date.now();
    // A call that was refused meanwhile knows better.
    return holds && failing === null ? known.verdict : undefined;
  }

  async function check(name: string, fromMemory: boolean): Promise<CredentialVerdict> {
    const signal = AbortSignal.timeout(parts.patienceMs ?? patienceMs);
    const tooLate = once(signal, 'abort').then((): CredentialVerdict => noAnswer);
    return await Promise.race([judge(name, fromMemory, signal), tooLate]);
  }

  async function judge(name: string, fromMemory: boolean, signal: AbortSignal): Promise<CredentialVerdict> {
    const credential = await usable(parts.fresh, name);
    if ('status' in credential) return credential;
    const known = fromMemory ? remembered(credential) : undefined;
    if (known) return known;
    const verdict = await tryCredential(parts.upstream, credential.value, signal);
    await note(parts, credential, verdict);
    // A refusal is noted at the credential, which outlives this memory.
    if (verdict.status !== 'refused') remember(credential, verdict);
    return verdict;
  }

  return { ask: shared((name) => check(name, false)), recall: shared((name) => check(name, true)) };
}

const noAnswer = { status: 'unknown', reason: 'Its provider does not answer.' } as const;

/** The credential as a call would use it, or why no call can. */
async function usable(fresh: FreshCredentials, name: string): Promise<Credential | CredentialVerdict> {
  try {
    const credential = await fresh.use(name);
    // It serves for minutes, and cannot be renewed any more.
    const isSpent = credential.refreshUntil !== null;
    return isSpent ? { status: 'refused', reason: credential.failing ?? 'It cannot be renewed.' } : credential;
  } catch (error) {
    if (!(error instanceof CredentialUnusable)) throw error;
    return { status: error.isTemporary ? 'unknown' : 'refused', reason: error.message };
  }
}

async function note({ credentials, log }: Parts, credential: Credential, verdict: CredentialVerdict): Promise<void> {
  const { name, version, failing } = credential;
  log.info({ credential: name, ...verdict }, 'asked the provider about a credential');
  if (verdict.status === 'refused') await credentials.report(name, version, verdict.reason);
  if (verdict.status === 'ok' && failing !== null) await credentials.report(name, version, null);
}
