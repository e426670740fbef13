import type { FailureName } from '../workflows/contract/failures.ts';
import type { Finding } from './gate/finding.ts';

/** What can go wrong with a repository, by the names that workflows know. */
export type RepositoryFailure = Extract<
  FailureName,
  | 'RepositoryMissing'
  | 'RepositoryUnreachable'
  | 'RepositoryTooLarge'
  | 'GitCredentialRefused'
  | 'BranchMissing'
  | 'BranchMoved'
  | 'BundleInvalid'
  | 'PublishRefused'
  | 'PublishFailed'
>;

/** A repository cannot be used as asked. The message is for the user and holds no secret. */
export class RepositoryError extends Error {
  override name = 'RepositoryError';
  readonly failure: RepositoryFailure;
  /** What the gate found, path by path. */
  readonly findings: readonly Finding[];

  constructor(failure: RepositoryFailure, message: string, findings: readonly Finding[] = []) {
    super(message);
    this.failure = failure;
    this.findings = findings;
  }
}
