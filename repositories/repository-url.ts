/** Which URLs git may be sent to. */

/** Hosts, as `host` or `host:port`, that plain http is allowed for. */
type InsecureHosts = readonly string[];

/**
 * What is wrong with a repository's URL, in words for the user; `undefined` when nothing is. It must be https (or http to a
 * host of the list) with a host and a path, and hold no credentials, control characters or anything that git would take for
 * an option or a helper.
 */
export function repositoryUrlFault(text: string, insecureHosts: InsecureHosts): string | undefined {
  if (text.length > 500) return 'The repository URL is longer than 500 characters.';
  // URL would drop or escape these silently, and git would see another text than was checked.
  if (/[\p{Cc}\p{Cf}\s\\]/u.test(text)) return 'The repository URL has white space, control characters or backslashes.';
  // Also empty credentials, which URL drops: git would ask for a password then.
  if (/^\w+:\/\/[^/?#]*@/.test(text)) return 'The repository URL must not hold credentials.';
  if (!/^https?:\/\/[^/]/i.test(text)) return 'The repository URL must begin with https://.';
  const url = URL.parse(text);
  if (!url) return 'The repository URL is not a URL.';
  return faultOfParts(url, insecureHosts);
}

/**
 * The URL with scheme, host and port as every program writes them: git knows no scheme in capitals, and asks for the credential of
 * a host in the letters that it was given. What is no URL comes back as it is.
 */
export function canonicalRepositoryUrl(text: string): string {
  const origin = URL.parse(text)?.origin;
  return origin === undefined ? text : text.replace(/^\w+:\/\/[^/?#]+/, origin);
}

function faultOfParts(url: URL, insecureHosts: InsecureHosts): string | undefined {
  if (url.protocol === 'http:' && !isListed(url, insecureHosts)) {
    return `Plain http is allowed for listed hosts only (GIT_INSECURE_HOSTS), and ${url.host} is not listed; use https.`;
  }
  if (url.hostname.startsWith('-')) return 'The host of the repository URL begins with a dash.';
  if (url.search !== '' || url.hash !== '') return 'The repository URL must not have a query or a fragment.';
  if (/^\/*$/.test(url.pathname)) return 'The repository URL names a host, but no repository.';
  return undefined;
}

function isListed({ host, hostname }: URL, insecureHosts: InsecureHosts): boolean {
  return insecureHosts.includes(host) || insecureHosts.includes(hostname);
}
