import type { FailureName } from '../../workflows/contract/failures.ts';
import type { errorCodes } from './execute-event.ts';

type ErrorCode = (typeof errorCodes)[number];

/** Failures for which there is a code of their own; everything else is an `internal_error`. */
const codes: Partial<Record<FailureName, ErrorCode>> = {
  SecretMissing: 'auth_error',
  CredentialRefused: 'auth_error',
  GitCredentialRefused: 'auth_error',
  RepositoryMissing: 'repo_not_found',
  BranchMissing: 'repo_not_found',
  RepositoryTooLarge: 'invalid_request',
  InvalidState: 'invalid_request',
  Busy: 'invalid_request',
};

/** What the failure of a run is called in an `error` event. */
export function errorCodeOf(failure: FailureName): ErrorCode {
  return codes[failure] ?? 'internal_error';
}
