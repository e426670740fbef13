import type { CredentialValue } from '../../store/credential-value.ts';

/** One family of model endpoints: what may be called there, how it is authenticated, and how it tells what it used. */
export interface ModelApi {
  readonly id: 'anthropic' | 'openai' | 'google';
  /** What its paths begin with at the door. */
  readonly prefix: string;
  /** What stands there instead upstream, behind the base URL. */
  readonly upstreamPrefix: string;
  /** Calls that pass, by method and path behind the prefix. Everything else does not. */
  readonly routes: readonly ModelRoute[];
  /** The headers that make a credential known; `undefined` when it is of the wrong kind. */
  authenticate(credential: CredentialValue, betaHeader: string | undefined): Record<string, string> | undefined;
  /** The status of an error, where this API's clients want another one than its own to stop cleanly. */
  statusOf?(error: ModelError): number;
  /** The body of an error as this API's clients expect it. */
  errorBody(error: ModelError): unknown;
  /** The GET by which a credential is tried: it costs no tokens, and says little. Path behind the base URL, with the query. */
  readonly trial: { path: string; headers?: Record<string, string> };
  /** Whether an answer means that the credential is not taken. One that may do other things than this is. */
  isRefusal(status: number, body: string): boolean;
  /** What one message of a stream, or a whole answer, says about the call. */
  read(message: unknown): Reading;
}

export interface ModelRoute {
  method: 'GET' | 'POST';
  path: RegExp;
  /** Whether a model works, which costs tokens. */
  generates: boolean;
  /** Changes or refuses a request whose use could not be counted; a string is the reason. Needs the body in memory. */
  adapt?: (body: Record<string, unknown>) => Record<string, unknown> | string;
}

export interface ModelError {
  status: number;
  kind: 'budget' | 'authentication' | 'permission' | 'rate' | 'upstream' | 'request';
  message: string;
}

/** Each part is missing when the message does not speak of it. Counts are those of the whole call so far. */
export interface Reading {
  model?: string | undefined;
  counts?: Partial<UsedTokens> | undefined;
  /** Length of the text that came with this message. */
  characters?: number | undefined;
  /** Whether the counts are the final ones. */
  isLast?: boolean | undefined;
}

export interface UsedTokens {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** The part of `cacheWrite` that is kept for long, which costs more. */
  cacheWriteLong: number;
}
