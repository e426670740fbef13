/** What the store promises. One implementation over Kysely serves SQLite and Postgres; see `open-store.ts`. */
import type { CallbackLog } from './callback-log.ts';
import type { Credentials, Doors, ModelCalls } from './gateway.ts';
import type { SessionRecords } from './session-records.ts';

export interface Store {
  events: EventLog;
  audit: AuditLog;
  secrets: SecretStore;
  idempotency: IdempotencyKeys;
  providerReports: ProviderReports;
  callbacks: CallbackLog;
  costs: CostLedger;
  resources: ResourceReadings;
  doors: Doors;
  credentials: Credentials;
  modelCalls: ModelCalls;
  sessions: SessionRecords;
  /** Resolves when the database answers; rejects with its words otherwise. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** What was to be appended came through a door that is closed by now, or has moved to another host. */
export class DoorClosed extends Error {
  override name = 'DoorClosed';
}

/** An append-only log of streams. Within a stream `seq` is 1, 2, 3 … without gap, in the order of appending. */
export interface EventLog {
  /**
   * Appends the events in order. An event whose `key` the stream already has is skipped, so repeating is harmless.
   * All or nothing, and on the disk when it resolves. After a rejection the outcome may be unknown: repeat it.
   * `behind`: only while this door is open at this host; else nothing is appended, and it rejects with `DoorClosed`.
   */
  append(stream: string, events: readonly NewEvent[], behind?: { runId: string; hostId: string }): Promise<void>;
  /** The events after `after` in order, at most `limit`; empty when there are none (yet). */
  read(stream: string, options: { after: number; limit: number }): Promise<StoredEvent[]>;
  /** The newest event of this type, if there is one. */
  last(stream: string, type: string): Promise<StoredEvent | undefined>;
  /** How much a stream holds: the length of its events' data, as JSON. */
  size(stream: string): Promise<number>;
  /** The key of the newest event whose key starts with `prefix`, if there is one. */
  lastKey(stream: string, prefix: string): Promise<string | undefined>;
  /**
   * Deletes the streams whose newest event is older than `before` (retention); returns how many streams went. A deleted
   * stream that is appended to begins again at 1. That of a stored session stays with it: its name is `sessionPrefix` and the
   * session's id.
   */
  removeStreamsOlderThan(before: Date, sessionPrefix: string): Promise<number>;
}

export interface NewEvent {
  /** Names this event within its stream, the same in every retry of the work that appends it. */
  key: string;
  type: string;
  data: unknown;
}

export interface StoredEvent {
  seq: number;
  type: string;
  data: unknown;
  /** ISO 8601, UTC: when it was appended. */
  at: string;
}

/** Who did what, when. Append-only; no secrets in it. */
export interface AuditLog {
  /** Adds an entry; ids are 1, 2, 3 … without gap, so that nobody who pages with `after` misses one. */
  record(entry: NewAuditEntry): Promise<void>;
  /** Entries, oldest first; of one subject only if it is given. */
  list(options: { subject?: string; after?: number; limit: number }): Promise<AuditEntry[]>;
}

export interface NewAuditEntry {
  /** `owner`, `workspace:<id>`, `operator`. */
  actor: string;
  /** `workspace.create`, `credentials.read` … */
  action: string;
  /** What it was done to, e.g. `workspace:ws-k3x9a1`. */
  subject: string;
  requestId?: string;
  details?: Record<string, unknown>;
}

export interface AuditEntry extends NewAuditEntry {
  id: number;
  at: string;
}

/** Secrets by name, kept as AES-256-GCM envelopes. A name is a path, e.g. `workspace/ws-k3x9a1/password`. */
export interface SecretStore {
  /** Stores the value unless the name is taken; returns what is stored then. Two callers end with the same value. */
  ensure(name: string, value: string): Promise<string>;
  /** The value, or `undefined`. */
  read(name: string): Promise<string | undefined>;
  /** Removes every secret whose name starts with `prefix` (which must end in `/`); none there is fine. */
  removeAll(prefix: string): Promise<void>;
  /** Names (never values) that start with `prefix`, with their age. */
  list(prefix: string): Promise<{ name: string; createdAt: string }[]>;
  /**
   * Seals every envelope of the store, those of idempotent answers too, again with the current key; returns how many
   * changed. Safe to repeat, to kill, and to run while others write. Rejects if one cannot be opened.
   */
  reseal(): Promise<number>;
}

/** Makes a POST repeatable: the first caller's plan and answer are everybody's. */
export interface IdempotencyKeys {
  /**
   * Claims `key` within `scope` for a request with this fingerprint. The first claim stores `plan` (what the request will
   * make, e.g. ids chosen for it); every later claim gets the first one's plan, and its answer once there is one.
   */
  claim(claim: { scope: string; key: string; fingerprint: string; plan: string }): Promise<IdempotencyClaim>;
  /** Keeps the answer, sealed as a secret is. The first answer stays. */
  answer(scope: string, key: string, answer: string): Promise<void>;
  removeOlderThan(before: Date): Promise<number>;
}

export type IdempotencyClaim =
  | { outcome: 'claimed'; plan: string }
  | { outcome: 'answered'; answer: string }
  /** The key was used with another request. */
  | { outcome: 'mismatch' };

/** What the workers found out about each machine provider, so that an API process can tell. */
export interface ProviderReports {
  report(provider: ProviderReport): Promise<void>;
  list(): Promise<(Required<ProviderReport> & { checkedAt: string })[]>;
}

export interface ProviderReport {
  id: string;
  available: boolean;
  /** Why it is not available, and what to do about it. */
  reason: string | null;
  /** Whether nothing that it makes costs money. */
  isFree?: boolean;
  /** `null` when nothing guards it. */
  breaker?: BreakerReport | null;
  /** What each size of workspace is made of, plain JSON; `null` where that is not known. */
  sizes?: readonly object[] | null;
}

/** Whether a provider is asked for new things, or spared because it fails. */
export interface BreakerReport {
  state: 'closed' | 'open' | 'half-open';
  /** ISO 8601, UTC. */
  since: string;
  /** When it is tried again; `null` unless open. */
  until: string | null;
}

/** What every machine costs, from its creation until its removal is proven. Nothing is ever deleted: these are the accounts. */
export interface CostLedger {
  /** Notes that the machine exists and is paid for; one that is noted already stays as it is. */
  open(machine: Omit<MachineCost, 'until'>): Promise<void>;
  /** Notes that what the workspace had at this provider is proven gone. What was closed before stays as it is. */
  close(machines: Pick<MachineCost, 'provider' | 'workspaceId'>, at: Date): Promise<void>;
  /** Every machine that the workspace has, or had. */
  ofWorkspace(workspaceId: string): Promise<MachineCost[]>;
  /** The machines at this provider that are not proven gone. */
  openAt(provider: string): Promise<MachineCost[]>;
  /** Every machine that existed at any time in this span. */
  between(from: Date, to: Date): Promise<MachineCost[]>;
}

export interface MachineCost {
  workspaceId: string;
  provider: string;
  /** The provider's own id of the machine. */
  providerId: string;
  /** ISO 4217 */
  currency: string;
  /** Millionths of the currency's unit, so that sums stay exact. */
  hourlyMicros: number;
  /** What it costs in a calendar month at most; `null` when there is no such limit. */
  monthlyMicros: number | null;
  /** ISO 8601, UTC: when the provider made it, and when it was proven gone. */
  since: string;
  until: string | null;
}

/** What a worker found at each provider when it last looked. Here, as it may be too much for a workflow's history. */
export interface ResourceReadings {
  /** Replaces the provider's reading; the resources are plain JSON. */
  keep(provider: string, resources: readonly object[]): Promise<void>;
  list(): Promise<{ provider: string; readAt: string; resources: unknown[] }[]>;
}
