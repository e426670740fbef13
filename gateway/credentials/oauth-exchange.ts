/** Exchanging a refresh token for new tokens (RFC 6749, 6). */
import { z } from 'zod';
import type { OauthCredential } from '../../store/credential-value.ts';

const answerMs = 30_000;

export type ExchangeOutcome =
  | { kind: 'renewed'; value: OauthCredential }
  /** The provider does not take the refresh token. */
  | { kind: 'refused'; reason: string }
  /** The provider certainly did not use it up. */
  | { kind: 'not used'; reason: string }
  /** The provider may have used it up. */
  | { kind: 'unknown'; reason: string };

/** Never rejects; no outcome shows a token. */
export type Exchange = (credential: OauthCredential) => Promise<ExchangeOutcome>;

const Tokens = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  expires_in: z.number().positive(),
  scope: z.string().optional(),
});

/** Exchanges at this endpoint, as this client. */
export function createExchange({ tokenUrl, clientId }: { tokenUrl: string; clientId: string }): Exchange {
  return async (credential) => {
    const body = { grant_type: 'refresh_token', refresh_token: credential.refreshToken, client_id: clientId };
    try {
      const response = await fetch(tokenUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(answerMs),
      });
      return await judge(credential, response);
    } catch (error) {
      return wasNeverSent(error)
        ? { kind: 'not used', reason: 'Its provider cannot be reached.' }
        : { kind: 'unknown', reason: 'Renewing it broke off, and its refresh token may be used up. Store it again.' };
    }
  };
}

async function judge(credential: OauthCredential, response: Response): Promise<ExchangeOutcome> {
  const { status } = response;
  if ([400, 401, 403].includes(status)) {
    return { kind: 'refused', reason: `Its provider does not renew it any more (${status}). Store it again.` };
  }
  if ([429, 503].includes(status)) return { kind: 'not used', reason: `Its provider is busy (${status}).` };
  const parsed = Tokens.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !parsed.success) {
    return { kind: 'unknown', reason: `Its provider's answer (${status}) brought no tokens. Store it again.` };
  }
  return { kind: 'renewed', value: renewed(credential, parsed.data) };
}

function renewed(credential: OauthCredential, tokens: z.infer<typeof Tokens>): OauthCredential {
  return {
    ...credential,
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token ?? credential.refreshToken,
    expiresAt: Math.round(Date.now() + tokens.expires_in * 1000),
    scopes: tokens.scope?.split(' ') ?? credential.scopes,
  };
}

function wasNeverSent(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(
    code,
  );
}
