/** What went wrong at Cloudflare, in the contract's words. */
import type { ApplicationFailure } from '@temporalio/common';
import { failure } from '../../failures.ts';

/** What the client's error says of an answer; without a status there was none. */
export interface CloudflareError {
  status: number | undefined;
  headers: Headers | undefined;
  errors: readonly { code?: number; message?: string }[] | undefined;
  message: string;
  cause?: unknown;
}

/** "Invalid request headers", "Invalid format for Authorization header", "Unauthorized", "Authentication error". */
const authenticationCodes = [6003, 6111, 9109, 10000, 10001];

/** "The record quota has been exceeded." */
const quotaCodes = [81045];

/** "Could not route to the zone, perhaps your object identifier is invalid?" */
const unknownZoneCodes = [7003];

/** Whether Cloudflare itself said one of these codes, whatever the status. */
export function isAnsweredWith({ errors }: CloudflareError, codes: readonly number[]): boolean {
  return errors?.some(({ code = 0 }) => codes.includes(code)) ?? false;
}

/** The failure that an error of the client is; its words hold what Cloudflare says, and no secret. */
export function asFailure(error: CloudflareError): ApplicationFailure {
  const { status, headers } = error;
  const words = wordsOf(error);
  if (status === 429) {
    const retryAfterSeconds = secondsIn(headers?.get('retry-after'));
    return failure('ProviderUnavailable', `Cloudflare takes no more requests for now: ${words}`, {
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    });
  }
  if (status === 401 || status === 403 || isAnsweredWith(error, authenticationCodes)) {
    return failure('ProviderRefused', `${tokenAdvice} Cloudflare says: ${words}`);
  }
  if (isAnsweredWith(error, quotaCodes)) return failure('QuotaExceeded', `Cloudflare says: ${words}`);
  if (status === undefined || status >= 500 || status === 408 || status === 409) {
    return failure('ProviderUnavailable', `Cloudflare does not answer as it should: ${words}`);
  }
  const advice = isAnsweredWith(error, unknownZoneCodes) ? ' Is CLOUDFLARE_ZONE_ID the id of the zone?' : '';
  return failure('ProviderRefused', `Cloudflare says: ${words}${advice}`);
}

const tokenAdvice =
  'CLOUDFLARE_API_TOKEN does not open this: it needs Zone/DNS/Edit, Zone/Zone/Read unless CLOUDFLARE_ZONE_ID is set, ' +
  'and Zone/SSL and Certificates/Edit with MACHINE_TLS=origin.';

function wordsOf({ status, errors, message, cause }: CloudflareError): string {
  const said = errors?.map(({ code, message: text }) => `${text} (${code})`).join('; ');
  // With a status, the client's own message would repeat whole pages of HTML.
  if (status !== undefined) return said || `status ${status}`;
  return [message, reasonIn(cause)].filter(Boolean).join(' ');
}

/** `fetch` hides why it failed one or two levels down: `ECONNREFUSED`. */
function reasonIn(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  return reasonIn(cause.cause) ?? ('code' in cause ? String(cause.code) : cause.message);
}

function secondsIn(header: string | null | undefined): number | undefined {
  if (!header) return undefined;
  const seconds = /^\d+(\.\d+)?$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(seconds, 1) : undefined;
}
