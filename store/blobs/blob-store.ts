/** What the blob store promises. A folder keeps it on one host, an S3-compatible store for many; see `open-blob-store.ts`. */
import type { Readable } from 'node:stream';

/**
 * Bytes by key: prompts, bundles, diffs, archives of what an agent keeps of a session. Who writes one sees to it that no
 * credentials are in it, since blobs are not sealed. A key is a path like `run/run-k3x9a1b2c3/result.bundle`; see
 * `blob-key.ts`. No key is the folder of another one.
 */
export interface BlobStore {
  /**
   * Stores what the source gives, whole or not at all: a reader sees the bytes of one put, or none, whoever dies when. A put of
   * a key that is taken replaces it as a whole; of several at once, one wins. Durable when it resolves. Rejects with
   * `BlobTooLarge` once the source gives more than `maxBytes`, and with the source's own error; the source is destroyed then.
   */
  put(key: string, source: Readable, limits: { maxBytes: number }): Promise<StoredBlob>;
  /** The blob, or `undefined`. Read the stream to its end or destroy it; it fails if the bytes stop coming. */
  get(key: string): Promise<{ stream: Readable; bytes: number } | undefined>;
  /** Every blob whose key starts with `prefix`, in no particular order; `''` lists all. */
  list(prefix: string): AsyncIterable<BlobInfo>;
  /** Removes the blob; none there is fine. */
  remove(key: string): Promise<void>;
  /** Removes every blob whose key starts with `prefix` (which must end in `/`); none there is fine. */
  removeAll(prefix: string): Promise<void>;
  /** Removes what writers that died before `before` left half-written; returns how many. No reader ever saw any of it. */
  removeAbandoned(before: Date): Promise<number>;
  /** Resolves when blobs can be stored and read; rejects with the reason otherwise. */
  ping(): Promise<void>;
  /** Ends connections; streams that are still read may break off. */
  close(): void;
}

export interface StoredBlob {
  bytes: number;
  /** Hex, of the bytes as they went in. */
  sha256: string;
}

export interface BlobInfo {
  key: string;
  bytes: number;
  /** When it was put. */
  storedAt: Date;
}

/** The source gave more bytes than it may; nothing of it was kept. */
export class BlobTooLarge extends Error {
  override name = 'BlobTooLarge';
  constructor(key: string, maxBytes: number) {
    super(`${key} is larger than the ${maxBytes} bytes it may have.`);
  }
}
