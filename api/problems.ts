/** What a caller can be told to have gone wrong: the closed list of codes, and the error that carries one. */

export const problems = {
  validation_error: { status: 400, title: 'The request does not have the form it must have' },
  invalid_repo_url: { status: 400, title: 'The repository URL cannot be used' },
  invalid_size: { status: 400, title: 'There is no such size' },
  invalid_request: { status: 400, title: 'The request does not have the form it must have' },
  invalid_credential: { status: 400, title: 'The credential cannot be used' },
  unknown_agent: { status: 400, title: 'There is no such agent' },
  invalid_callback: { status: 400, title: 'Nothing can be sent to the URL of the callback' },
  invalid_cursor: { status: 400, title: 'The cursor is not one that was given out' },
  unauthorized: { status: 401, title: 'A valid bearer token is needed' },
  not_found: { status: 404, title: 'There is nothing at this address' },
  workspace_not_found: { status: 404, title: 'There is no such workspace' },
  callback_not_found: { status: 404, title: 'There is no such callback' },
  run_not_found: { status: 404, title: 'There is no such run' },
  session_not_found: { status: 404, title: 'There is no such session' },
  artifact_not_found: { status: 404, title: 'The run has no such artifact' },
  credential_not_found: { status: 404, title: 'There is no such credential' },
  credentials_gone: { status: 410, title: 'The credentials went away with their workspace' },
  method_not_allowed: { status: 405, title: 'The address does not answer to this method' },
  not_acceptable: { status: 406, title: 'The answer does not exist in an accepted media type' },
  monthly_cost_cap_reached: { status: 409, title: 'The month has cost as much as it may' },
  workspace_already_stopped: { status: 409, title: 'The workspace is stopped already' },
  run_already_ended: { status: 409, title: 'The run has ended already' },
  nothing_to_publish: { status: 409, title: 'All work of the session is published' },
  session_closing: { status: 409, title: 'The session is being closed' },
  certificate_refused: { status: 409, title: 'The machine cannot have this certificate' },
  payload_too_large: { status: 413, title: 'The request is too large' },
  unsupported_media_type: { status: 415, title: 'Requests are JSON' },
  idempotency_key_reused: { status: 422, title: 'The idempotency key belongs to another request' },
  busy: { status: 429, title: 'As much is waiting as may wait' },
  rate_limit_exceeded: { status: 429, title: 'Too many requests' },
  internal_error: { status: 500, title: 'Something went wrong on our side' },
  provider_unavailable: { status: 503, title: 'The provider cannot be used now' },
  temporal_unavailable: { status: 503, title: 'The workflow engine does not answer' },
  worker_unavailable: { status: 503, title: 'No worker answers' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

interface ProblemExtras {
  details?: unknown;
  headers?: Record<string, string>;
  /** More members of the answer, beside those that every problem has. */
  extensions?: Record<string, unknown>;
}

/** Thrown anywhere below a route; the message is for the caller. */
export class Problem extends Error {
  override name = 'Problem';
  readonly code: ProblemCode;
  readonly details: unknown;
  readonly headers: Record<string, string>;
  readonly extensions: Record<string, unknown>;

  constructor(
    code: ProblemCode,
    message: string,
    { details = null, headers = {}, extensions = {} }: ProblemExtras = {},
  ) {
    super(message);
    this.code = code;
    this.details = details;
    this.headers = headers;
    this.extensions = extensions;
  }
}

/** A problem with one field of the request. */
export function problemAt(code: ProblemCode, field: string, message: string): Problem {
  return new Problem(code, message, { details: [{ field, message }], extensions: { field } });
}
