/** Who may use a door: whoever reaches its socket and knows the run's token. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Whether a token came with the request, wherever agents put the key of a model API, and is the run's. */
export function hasRunToken(headers: IncomingHttpHeaders, query: URLSearchParams, token: string): boolean {
  const places = [
    bearerToken(headers.authorization),
    headers['x-api-key'],
    headers['x-goog-api-key'],
    query.get('key'),
  ];
  return places.some((given) => typeof given === 'string' && isEqual(given, token));
}

/** Whether a proxy's credentials, if there are any, hold the run's token: `Bearer`, or as the password of `Basic`. */
export function mayUseProxy(headers: IncomingHttpHeaders, token: string): boolean {
  // Many tools cannot send any. The socket is enough for them: it is in one container only.
  const given = headers['proxy-authorization'];
  if (given === undefined) return true;
  const password = /^Basic (.+)$/i.exec(given)?.[1];
  const decoded = password === undefined ? undefined : Buffer.from(password, 'base64').toString();
  return isEqual(bearerToken(given) ?? decoded?.slice(decoded.indexOf(':') + 1) ?? '', token);
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
}

/** Digests have one length, so the comparison takes the same time whatever was sent. */
function isEqual(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
