/** What the store promises about sessions: conversations with agents, turn by turn. */

/** Who a session belongs to, and what its next turn goes on from. */
export interface SessionRecords {
  /**
   * Stores the session unless its id is taken; that of the same owner is used again by that. Returns what is stored then: two
   * callers end with the same owner.
   */
  ensure(session: NewSession): Promise<SessionRecord>;
  /** Keeps what a turn left, unless that run was the last one kept already. A session that is not there stays away. */
  keep(id: string, turn: { runId: string; checkpoint: object }): Promise<void>;
  read(id: string): Promise<SessionRecord | undefined>;
  /** Newest first; of one owner only if it is given. `before` is the last one of the page before. */
  list(options: {
    owner?: string;
    before?: Pick<SessionRecord, 'id' | 'createdAt'>;
    limit: number;
  }): Promise<SessionRecord[]>;
  /** Forgets the session; none there is fine. */
  remove(id: string): Promise<void>;
  /** The ids of those that nobody has used since. */
  listUnused(before: Date): Promise<string[]>;
  /** Forgets the session together with its stream, unless somebody has used it since; returns whether it did. */
  removeUnused(id: string, session: { stream: string; before: Date }): Promise<boolean>;
}

export interface NewSession {
  id: string;
  /** Who asked first: `owner`, or the name of a key. */
  owner: string;
  agent: string;
  repository: string | null;
}

export interface SessionRecord extends NewSession {
  /** What its last turn left, plain JSON; `null` before the first one has ended. */
  checkpoint: unknown;
  lastRun: string | null;
  /** How many turns have ended. */
  turns: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  updatedAt: string;
}
