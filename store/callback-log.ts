/** What the store promises of callbacks. */

/** Callbacks, and what came of each try to deliver them. */
export interface CallbackLog {
  /** Keeps the callback as `pending`, unless its id is taken: then nothing changes. */
  ensure(callback: NewCallback): Promise<void>;
  read(id: string): Promise<(Callback & { body: string }) | undefined>;
  /** Newest first, behind the one that `before` tells of; of one subject only if it is given. */
  list(options: {
    subject?: string | undefined;
    before?: Pick<Callback, 'createdAt' | 'id'> | undefined;
    limit: number;
  }): Promise<Callback[]>;
  /** The newest fifty attempts of a callback, oldest first. */
  attempts(id: string): Promise<CallbackAttempt[]>;
  /** Adds an attempt under the next number. One without an error makes the callback `delivered`, any other `pending`. */
  recordAttempt(id: string, attempt: NewCallbackAttempt): Promise<void>;
  /** Makes the callback `failed`: nobody tries any more. */
  giveUp(id: string): Promise<void>;
  /** Deletes callbacks of which nothing happened since `before`, and their attempts; returns how many callbacks went. */
  removeOlderThan(before: Date): Promise<number>;
}

export interface NewCallback {
  id: string;
  subject: string;
  type: string;
  url: string;
  signer: string;
  /** The bytes that are sent, the same in every attempt. */
  body: string;
}

export interface Callback extends Omit<NewCallback, 'body'> {
  status: 'pending' | 'delivered' | 'failed';
  /** How many there were, also where the oldest are forgotten. */
  attempts: number;
  /** ISO 8601, UTC. */
  createdAt: string;
  /** When anything happened to it last. */
  lastAt: string;
}

export interface NewCallbackAttempt {
  /** What the receiver answered; `null` if it did not. */
  statusCode: number | null;
  latencyMs: number;
  /** Why it does not count; `null` when the callback was delivered. */
  error: string | null;
}

export interface CallbackAttempt extends NewCallbackAttempt {
  number: number;
  at: string;
}
