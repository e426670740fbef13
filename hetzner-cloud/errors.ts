/** What went wrong at Hetzner, in one shape, whichever way it went wrong. */

/**
 * Codes that are not Hetzner's: no answer came, or none that could be read; our name is somebody else's; what was there is
 * gone; what is wanted is not sold, or is sold out; a snapshot failed again and again.
 */
export type OwnCode =
  'no_answer' | 'no_json' | 'name_taken' | 'vanished' | 'not_offered' | 'no_room' | 'snapshot_failed';

export interface HetznerErrorFacts {
  /** Hetzner's own code, such as `resource_limit_exceeded`, or one of ours. */
  code: string;
  /** HTTP status; missing when there was no answer, or when an action failed after its request was accepted. */
  status?: number;
  /** How long Hetzner asks to wait. */
  retryAfterSeconds?: number | undefined;
}

/** A call to Hetzner that did not do what it should. Holds no header and no body, so it can be logged. */
export class HetznerError extends Error {
  override name = 'HetznerError';
  readonly code: string;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, { code, status, retryAfterSeconds }: HetznerErrorFacts) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The making of a server failed after its order was accepted. Nothing is left of the server. */
export class CreationFailedError extends HetznerError {
  override name = 'CreationFailedError';
}

/** An error of our own making. */
export function ownError(code: OwnCode, message: string): HetznerError {
  return new HetznerError(message, { code });
}

/** Whether it is one of Hetzner's errors, with one of these codes. */
export function hasCode(error: unknown, ...codes: string[]): error is HetznerError {
  return error instanceof HetznerError && codes.includes(error.code);
}

/** For a call whose thing may be busy: something else is under way there, and in a moment it is not. Throws all else. */
export function exceptBusy(error: unknown): void {
  if (!hasCode(error, 'locked', 'conflict', 'resource_in_use', 'resource_locked')) throw error;
}

/**
 * This type of server cannot be had at this location, at this moment or at all. A type may have a price somewhere and still
 * not be made there: that is told as invalid input.
 */
export function isNoRoom(error: unknown): error is HetznerError {
  if (hasCode(error, 'resource_unavailable', 'placement_error', 'no_space_left_in_location')) return true;
  return (
    hasCode(error, 'invalid_input') && /unsupported location|server type .*(deprecated|unavailable)/.test(error.message)
  );
}

export type HetznerErrorKind = 'quota' | 'capacity' | 'refused' | 'unavailable';

/** What another try as it is would only hear again. */
const refusals = [
  ...['unauthorized', 'token_readonly', 'forbidden', 'not_found', 'method_not_allowed', 'deprecated_api_endpoint'],
  ...['json_error', 'invalid_input', 'invalid_server_type', 'unsupported_error', 'uniqueness_error', 'protected'],
  ...['name_taken', 'not_offered', 'snapshot_failed'],
];

/**
 * `quota`: the project may not have more. `capacity`: nobody can have more of this now. `refused`: Hetzner understood and
 * says no. `unavailable`: all else, which may be over soon.
 */
export function errorKind({ code }: HetznerError): HetznerErrorKind {
  if (code === 'resource_limit_exceeded') return 'quota';
  if (code === 'no_room') return 'capacity';
  return refusals.includes(code) ? 'refused' : 'unavailable';
}
