/**
 * The closed list of what can go wrong, by name. A failure crosses Temporal as the `type` of an ApplicationFailure,
 * and becomes an HTTP status in one table (`api/middleware/errors.ts`). `retry` says whether trying again can help.
 */
export const failures = {
  /** The workspace is not in a state that allows this. */
  InvalidState: { retry: false },
  /** The provider does not answer or says that it is overloaded. */
  ProviderUnavailable: { retry: true },
  /** The provider has no room for such a machine now; it is well otherwise, and may have some later. */
  NoCapacity: { retry: true },
  /** The provider understood and refuses: bad credentials, bad request. */
  ProviderRefused: { retry: false },
  /** The provider's account may not have more of this. */
  QuotaExceeded: { retry: false },
  /** A step of the machine's boot failed; the message holds its own words. */
  BootFailed: { retry: false },
  /** The machine did not become usable in time. */
  BootTimedOut: { retry: false },
  /** A machine image was not built; the message holds what is known of the builder. */
  ImageBuildFailed: { retry: false },
  /** The machine is up, but its terminal does not answer yet. */
  TerminalUnreachable: { retry: true },
  /** The machine went away, or fell silent, while it was in use. */
  MachineLost: { retry: false },
  /** Something that was to be removed is still there. */
  StillThere: { retry: true },
  /** The receiver of a callback did not take it: no answer, or not a good one. */
  CallbackFailed: { retry: true },
  /** A callback that must not or need not be sent: its address is not allowed, or its receiver wants no more. */
  CallbackRefused: { retry: false },
  /** A secret that the work needs is not in the store. */
  SecretMissing: { retry: false },
  /** There is no such repository, or the credential may not see it. */
  RepositoryMissing: { retry: false },
  /** The repository's server does not answer as one does. */
  RepositoryUnreachable: { retry: true },
  /** The repository, or what was left of a run, is larger than is taken. */
  RepositoryTooLarge: { retry: false },
  /** The repository's server does not take the credential. */
  GitCredentialRefused: { retry: false },
  /** The repository has no branch, or no commit, to work from. */
  BranchMissing: { retry: false },
  /** Somebody else pushed to the branch at the same moment; another try builds on what is there then. */
  BranchMoved: { retry: true },
  /** What an agent left is no well-formed git bundle. */
  BundleInvalid: { retry: false },
  /** The gate holds the work back; the details say why, path by path. */
  PublishRefused: { retry: false },
  /** The server refuses the push: a hook, a protected branch, a missing right. */
  PublishFailed: { retry: false },
  /** The repository's host does not open the pull request: a missing right, a missing branch, nothing to merge. */
  PullRequestRefused: { retry: false },
  /** What a session goes on from is not as this version writes it. */
  CheckpointUnreadable: { retry: false },
  /** The session has as many prompts waiting as may wait. */
  Busy: { retry: false },
  /** The credential's provider does not take it any more, or it is of another kind than the agent needs. */
  CredentialRefused: { retry: false },
  /** The runner does not answer as one does: its engine, its image, its disk. */
  RunnerUnavailable: { retry: true },
  /** The runner went away, with what it held, and so did those that took its place. */
  RunnerLost: { retry: false },
  /** The agent says that it failed, or ended without saying anything. */
  AgentFailed: { retry: false },
  /** The agent was refused something that it wanted to do, so its success is none. */
  AgentRefused: { retry: false },
  /** The run used up what it may: time, turns, tokens or money. */
  LimitReached: { retry: false },
} as const satisfies Record<string, { retry: boolean }>;

export type FailureName = keyof typeof failures;

/** Failures that no retry policy repeats. */
export const finalFailures = Object.entries(failures).flatMap(([name, { retry }]) => (retry ? [] : [name]));

export function isFailureName(name: unknown): name is FailureName {
  return typeof name === 'string' && Object.hasOwn(failures, name);
}
