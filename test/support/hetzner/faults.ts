/** What can go wrong between a client and the cloud. */

export interface Call {
  method: string;
  /** Without `/v1`, with ids: `/servers/1001`. */
  path: string;
  /** How many requests came before it. */
  nth: number;
}

export type Fault =
  /** An orderly refusal; nothing was done. */
  | { kind: 'refuse'; status: number; code: string; message?: string; headers?: Record<string, string> }
  /** The connection breaks, no answer ever comes, or one that is of no use; what was asked may have been done. */
  | { kind: 'cut' | 'hang' | 'html' | 'truncated'; applied: boolean };

/** Chooses faults by a seed, for this share of all requests; the same seed and requests give the same faults. */
export function randomFaults(seed: number, share: number): () => Fault | undefined {
  const random = randomBySeed(seed);
  return () => {
    if (random() >= share) return undefined;
    return common[Math.floor(random() * common.length)];
  };
}

const common: Fault[] = [
  tooManyRequests(1),
  { kind: 'refuse', status: 500, code: 'server_error' },
  { kind: 'refuse', status: 503, code: 'unavailable' },
  { kind: 'refuse', status: 409, code: 'conflict' },
  ...[true, false].flatMap((applied) => (['cut', 'html', 'truncated'] as const).map((kind) => ({ kind, applied }))),
];

/** The rate limit is used up; it is whole again after so many seconds. */
export function tooManyRequests(seconds: number, headers: Record<string, string> = {}): Fault {
  const now = Math.floor(Date.now() / 1000);
  const limits = {
    'ratelimit-limit': '3600',
    'ratelimit-remaining': '0',
    'ratelimit-reset': String(now + seconds),
    date: new Date(now * 1000).toUTCString(),
  };
  return { kind: 'refuse', status: 429, code: 'rate_limit_exceeded', headers: { ...limits, ...headers } };
}

/** The fault for the first so many calls that fit, e.g. `faultsAt(/^POST \/servers$/, 1, …)`. */
export function faultsAt(call: RegExp, times: number, fault: Fault): (call: Call) => Fault | undefined {
  let left = times;
  return ({ method, path }) => {
    if (left === 0 || !call.test(`${method} ${path}`)) return undefined;
    left -= 1;
    return fault;
  };
}

/** The error for the first so many actions of this kind. */
export function actionErrors(command: string, times: number, message: string, code = 'server_error') {
  let left = times;
  return (begun: string): { code: string; message: string } | undefined => {
    if (begun !== command || left === 0) return undefined;
    left -= 1;
    return { code, message };
  };
}

/** mulberry32 */
function randomBySeed(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
