/** What is passed on of headers and queries, and what is not. */
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';

/** These speak of one connection only (RFC 9110, 7.6.1). */
const ofTheConnection = [
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
];

/** These are the gateway's to say. */
const replaced = [
  'host',
  'authorization',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'accept-encoding',
  'anthropic-beta',
];

/** These tell an agent whose account it works on. */
const ofTheAccount = ['set-cookie', 'anthropic-organization-id', 'openai-organization', 'openai-project'];

/** The request's headers for upstream: without what is the gateway's to say, and without the run's token anywhere. */
export function requestHeaders(given: IncomingHttpHeaders, token: string): Record<string, string> {
  const dropped = new Set([...ofTheConnection, ...replaced, ...namedByConnection(given)]);
  const entries = Object.entries(given).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !dropped.has(entry[0]),
  );
  const kept = entries.filter(([, value]) => !value.includes(token));
  // Compressed, the answer could not be counted as it goes by.
  return { ...Object.fromEntries(kept), 'accept-encoding': 'identity' };
}

/** The answer's headers for the agent, without these others. */
export function responseHeaders(given: IncomingHttpHeaders, others: readonly string[] = []): OutgoingHttpHeaders {
  const dropped = new Set([...ofTheConnection, ...ofTheAccount, ...others, ...namedByConnection(given)]);
  return Object.fromEntries(Object.entries(given).filter(([name]) => !dropped.has(name)));
}

/** The query for upstream: Google's clients may put the key there. */
export function requestQuery(given: URLSearchParams, token: string): string {
  const kept = [...given].filter(([name, value]) => !['key', 'access_token'].includes(name) && !value.includes(token));
  return kept.length === 0 ? '' : `?${new URLSearchParams(kept).toString()}`;
}

function namedByConnection({ connection }: IncomingHttpHeaders): string[] {
  return (connection ?? '').split(',').map((name) => name.trim().toLowerCase());
}
