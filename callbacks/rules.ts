/** Where a callback may go: what its sender must not be talked into reaching. */
import { isPublicAddress } from '../network/public-address.ts';

/** Lists of `host` or `host:port`, in lower case. */
export interface CallbackRules {
  /** May be reached by plain http. */
  insecureHosts: readonly string[];
  /** May have addresses that are not public. */
  privateHosts: readonly string[];
}

/** The callback must not be sent there; the message is for whoever gave the URL, and does not repeat it. */
export class CallbackNotAllowed extends Error {
  override name = 'CallbackNotAllowed';
}

/**
 * The URL of a callback, if it may be one: https, or http to a host that is listed for it, and without credentials. Fails with
 * `CallbackNotAllowed`. Whether its host's addresses are allowed shows when it is sent.
 */
export function checkCallbackUrl(text: string, { insecureHosts }: CallbackRules): URL {
  const url = text.length <= 2_000 ? URL.parse(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) throw new CallbackNotAllowed('A callback needs an https URL.');
  if (url.protocol === 'http:' && !isListed(url, insecureHosts)) {
    throw new CallbackNotAllowed(
      `Plain http is allowed for listed hosts only (CALLBACK_INSECURE_HOSTS), and ${url.host} is not listed.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new CallbackNotAllowed('The URL of a callback must not hold credentials.');
  }
  return url;
}

/** Fails with `CallbackNotAllowed` when any of the addresses that the URL's host has must not be reached. */
export function checkAddresses(url: URL, addresses: readonly string[], { privateHosts }: CallbackRules): void {
  if (addresses.every(isPublicAddress) || isListed(url, privateHosts)) return;
  throw new CallbackNotAllowed(
    `${url.host} has an address that is not public, and is not listed for that (CALLBACK_PRIVATE_HOSTS).`,
  );
}

function isListed({ host, hostname }: URL, hosts: readonly string[]): boolean {
  return hosts.includes(host) || hosts.includes(hostname);
}
