/** What a git server may do with a request, for tests. */
import type { IncomingMessage } from 'node:http';
import type { GitGuard } from './git-server.ts';

/** Asks for a token, as GitHub and its like do: one that may read, and one that may push as well. */
export function askForTokens({ read, write }: { read: string; write: string }): GitGuard {
  return (request) => {
    const given = passwordOf(request);
    if (given === write) return undefined;
    if (given !== read) return { status: 401, headers: { 'www-authenticate': 'Basic realm="git"' } };
    return request.url?.includes('git-receive-pack') ? { status: 403 } : undefined;
  };
}

/** Sends every request to the same address on another server. */
export function redirectTo(base: string): GitGuard {
  return ({ url }) => ({ status: 302, headers: { location: `${base}${url}` } });
}

/** The password of a request with basic authentication. */
export function passwordOf({ headers: { authorization = '' } }: IncomingMessage): string {
  return Buffer.from(authorization.replace(/^Basic /, ''), 'base64')
    .toString()
    .replace(/^[^:]*:/, '');
}
