/** What the store promises to the gateway, and to the activities that open doors. */
import type { CredentialKind, CredentialValue } from './credential-value.ts';
import type { DoorPolicy } from './door-policy.ts';

/** Which runs have a door, at which host, and what each may do through it. */
export interface Doors {
  /** Records the door, with a token of its own. Again for the same run: the token stays, host and policy are the new ones. */
  open(door: { runId: string; hostId: string; policy: DoorPolicy }): Promise<void>;
  /** Nobody gets in any more. The token stays, to be looked for in what the run left. No door is fine. */
  close(runId: string): Promise<void>;
  /** Closes the door, and forgets its token. */
  forget(runId: string): Promise<void>;
  read(runId: string): Promise<Door | undefined>;
  /** The runs whose doors' tokens are kept, also when these are closed. */
  listTokens(): Promise<{ runId: string; createdAt: string }[]>;
  /** Ids of the runs that have a door at this host. */
  list(hostId: string): Promise<string[]>;
}

export interface Door {
  runId: string;
  hostId: string;
  policy: DoorPolicy;
  /** What the run shows to prove that it is the run. A secret. */
  token: string;
}

/** Credentials by name. Values can be replaced, not read back through an API: `read` is for who uses them upstream. */
export interface Credentials {
  /** Stores the value as the name's next version, in perfect health; returns the version. Earlier values are gone. */
  put(name: string, value: CredentialValue): Promise<number>;
  read(name: string): Promise<Credential | undefined>;
  /** Everything but the values. */
  list(): Promise<CredentialInfo[]>;
  remove(name: string): Promise<void>;
  /** Notes why the provider does not take this version, or `null` when it does again. A later version is left alone. */
  report(name: string, version: number, failing: string | null): Promise<void>;
  /**
   * Takes the right to exchange this version's refresh token, until then. At most one caller ever gets it for a version,
   * unless it is given back: a token that may have been used must not be used again.
   */
  claimRefresh(name: string, version: number, until: Date): Promise<boolean>;
  /** Gives the right back: the refresh token was certainly not used. */
  releaseRefresh(name: string, version: number): Promise<void>;
  /** Nobody can refresh this version any more, and why. */
  forfeitRefresh(name: string, version: number, failing: string): Promise<void>;
  /** Replaces the version that the caller has claimed; `false` when somebody stored another one meanwhile. */
  rotate(name: string, version: number, value: CredentialValue): Promise<boolean>;
}

export interface CredentialInfo {
  name: string;
  kind: CredentialKind;
  version: number;
  /** Why its provider does not take it; `null` as far as is known. */
  failing: string | null;
  createdAt: string;
  updatedAt: string;
}

export interface Credential extends CredentialInfo {
  value: CredentialValue;
  /** Until when somebody has the right to refresh this version. Past: they did not come to an end. `null`: nobody tried. */
  refreshUntil: Date | null;
}

/** What calls to models used, one record a call. */
export interface ModelCalls {
  /** Writes the call, or what is known of it by now. A final record stays as it is; repeating it is harmless. */
  record(call: ModelCall): Promise<void>;
  totals(runId: string): Promise<ModelTotals>;
  /** The calls of a run, oldest first. */
  list(runId: string): Promise<ModelCall[]>;
  /** Deletes the calls of runs that made none since `before`; a run that goes on keeps its whole account. Returns how many. */
  removeOlderThan(before: Date): Promise<number>;
}

export interface TokenCounts {
  /** Without what came from or went into the provider's cache. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
}

export interface ModelCall {
  runId: string;
  /** Chosen by the gateway; names the call in every write. */
  requestId: string;
  api: string;
  model: string | null;
  tokens: TokenCounts;
  /** Millionths of a US dollar; `null` when the model's price is not known. */
  costMicros: number | null;
  /** Whether the provider said so itself, at the end of its answer. Otherwise it is an estimate, or less than the whole. */
  isFinal: boolean;
}

export interface ModelTotals {
  calls: number;
  tokens: TokenCounts;
  costMicros: number;
  /** Calls whose cost is not known. */
  unpricedCalls: number;
}
