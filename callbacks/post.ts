/** One POST to a receiver that nobody vouches for. */
import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import { resolveBySystem } from '../network/resolve.ts';
import type { Resolve } from '../network/resolve.ts';
import { checkAddresses, checkCallbackUrl } from './rules.ts';
import type { CallbackRules } from './rules.ts';

/** How callbacks reach the world. */
export interface CallbackWay {
  rules: CallbackRules;
  /** Finds the addresses of a name; as the system does by default. */
  resolve?: Resolve;
  /** For everything from the name to the answer. */
  timeoutMs?: number;
}

export interface Message {
  headers: Record<string, string>;
  body: string;
}

/** What the receiver said; what its answer holds besides is not of interest. */
export interface Answer {
  statusCode: number;
  retryAfterSeconds: number | undefined;
}

/** Of an answer's body; a receiver that has more to say is not listened to. */
const maxAnswerBytes = 64 * 1024;
const usualTimeoutMs = 15_000;

/**
 * Sends the message and returns the answer, whatever its status: redirects are answers too. Rejects with `CallbackNotAllowed`
 * before a byte is sent, and with the network's error when there is no answer in time.
 */
export async function post(address: string, { headers, body }: Message, way: CallbackWay): Promise<Answer> {
  const url = checkCallbackUrl(address, way.rules);
  const signal = AbortSignal.timeout(way.timeoutMs ?? usualTimeoutMs);
  const addresses = await unlessAborted(findAddresses(url, way), signal);
  const { request } = url.protocol === 'https:' ? https : http;
  // What was looked up and judged is what is connected to: a name server that says something else next time is not asked again.
  const outgoing = request(url, {
    method: 'POST',
    headers,
    signal,
    agent: false,
    lookup: (_name, { all }, found) =>
      all ? found(null, addresses) : found(null, addresses[0]?.address ?? '', addresses[0]?.family),
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  // From here on the receiver has spoken, and may hang up.
  outgoing.on('error', () => undefined);
  await drain(response);
  return { statusCode: response.statusCode ?? 0, retryAfterSeconds: secondsOf(response.headers['retry-after']) };
}

async function findAddresses(url: URL, { rules, resolve = resolveBySystem }: CallbackWay): Promise<LookupAddress[]> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(host);
  const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
  checkAddresses(
    url,
    addresses.map(({ address }) => address),
    rules,
  );
  return addresses;
}

/** So that small answers are taken as a polite client does. */
async function drain(response: IncomingMessage): Promise<void> {
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > maxAnswerBytes) break;
    }
  } catch {
    // The status has arrived, and that is all that counts.
  }
}

/** `Retry-After` in seconds; its other form, a date, is rare. */
function secondsOf(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) : undefined;
}

async function unlessAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  work.catch(() => undefined);
  const aborted = once(signal, 'abort').then(() => Promise.reject(signal.reason as Error));
  return await Promise.race([work, aborted]);
}
