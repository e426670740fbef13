import { domainToASCII } from 'node:url';

/** The host's name as lists have it: lower case, without a dot at the end. Empty when it is no name. */
export function normalizeHost(host: string): string {
  // Where a URL's host would end, the conversion stops and forgets the rest.
  if (/[^\p{L}\p{N}\p{M}.-]/u.test(host)) return '';
  return domainToASCII(host).toLowerCase().replace(/\.$/, '');
}

/** Whether a normalized host is on the list: by its name, or below a `*.suffix`. */
export function isListed(host: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => (pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern));
}
