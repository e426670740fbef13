/** What went wrong at GitHub, told so that a caller can decide whether to try again. */

export interface GitHubFault {
  /** HTTP status; `undefined` when there was no answer. */
  status: number | undefined;
  /** GitHub's own words, without the request. */
  message: string;
  headers: Readonly<Record<string, string | number | undefined>>;
}

export type GitHubErrorKind =
  /** The token is none, or none any more. */
  | 'unauthorized'
  /** Understood, and refused: a missing right, no such repository or branch. */
  | 'refused'
  /** Too many requests, a fault of its own, or no answer: worth another try. */
  | 'unavailable';

/** The message is for people, and holds no secret. */
export class GitHubError extends Error {
  override name = 'GitHubError';
  readonly kind: GitHubErrorKind;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(fault: GitHubFault) {
    super(`GitHub ${fault.status === undefined ? 'does not answer' : `answers ${fault.status}`}: ${fault.message}`);
    this.kind = kindOf(fault);
    this.status = fault.status;
    this.retryAfterSeconds = waitOf(fault);
  }
}

function kindOf(fault: GitHubFault): GitHubErrorKind {
  const { status } = fault;
  if (status === undefined || status >= 500 || status === 408 || isOverLimit(fault)) return 'unavailable';
  return status === 401 ? 'unauthorized' : 'refused';
}

/** A used-up limit is answered with 403 as well as with 429; a missing right, with 403 alone. */
function isOverLimit({ status, headers }: GitHubFault): boolean {
  const isUsedUp = headers['retry-after'] !== undefined || String(headers['x-ratelimit-remaining']) === '0';
  return status === 429 || (status === 403 && isUsedUp);
}

/** Longer than this nobody waits at once; what is tried too early is told to wait again. */
const longestWaitSeconds = 300;

function waitOf(fault: GitHubFault): number | undefined {
  if (!isOverLimit(fault)) return undefined;
  const { headers } = fault;
  const untilReset = Number(headers['x-ratelimit-reset'] ?? NaN) - Date.now() / 1000;
  const seconds = Number(headers['retry-after'] ?? NaN) || untilReset || 60;
  return Math.min(Math.max(Math.ceil(seconds), 1), longestWaitSeconds);
}
