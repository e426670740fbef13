/**
 * The keys that everything at rest is sealed with. One master key serves all purposes: each purpose gets a key of its own,
 * derived by HKDF, so that an envelope of one purpose can never be opened as another.
 *
 * AES-GCM with random nonces is sound for 2^32 envelopes per key; an installation that seals a hundred payloads a second
 * reaches that after 16 months, which is what `pawl keys rotate` is for.
 */
import { createHash, hkdfSync } from 'node:crypto';
import { decrypt, encrypt } from './envelope.ts';
import type { Envelope } from './envelope.ts';

/** What a derived key is for. */
export type KeyPurpose = 'secret' | 'idempotency' | 'payload';

export interface Keyring {
  /** The key that seals. */
  readonly currentKeyId: string;
  /** Every key that opens, the current one first. */
  readonly keyIds: readonly string[];
  /** Seals with the current key. The envelope opens under the same purpose and name only. */
  seal(purpose: KeyPurpose, name: string, plaintext: Uint8Array): Envelope;
  /**
   * Opens an envelope sealed under this purpose and name by any key of the ring. Throws `UnknownKey` when the ring does not
   * have its key, `EnvelopeDamaged` when it was changed, or sealed under another purpose or name.
   */
  open(purpose: KeyPurpose, name: string, envelope: Envelope): Buffer;
}

/** The key of an envelope is not in the keyring: it was removed from the key file, or belongs to another installation. */
export class UnknownKey extends Error {
  override name = 'UnknownKey';
  constructor(keyId: string) {
    super(`Key ${keyId} is not among the secret keys; put it back to read what it sealed.`);
  }
}

/** The public name of a master key: the first eight hex digits of its SHA-256. */
export function keyIdOf(key: Uint8Array): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

/**
 * Makes a keyring of base64 keys of 32 bytes, the current one first. `reread` gives the keys as they are now: another process
 * may rotate them, so it is asked once whenever an envelope names an unknown key, before that counts as a failure.
 */
export function createKeyring(keys: readonly string[], reread?: () => readonly string[]): Keyring {
  let ring = parseKeys(keys);
  const derived = new Map<string, Buffer>();

  function derive(purpose: KeyPurpose, keyId: string): Buffer | undefined {
    const master = ring.get(keyId);
    if (!master) return undefined;
    const label = `${purpose}:${keyId}`;
    const key = derived.get(label) ?? Buffer.from(hkdfSync('sha256', master, '', `pawl/${purpose}`, 32));
    derived.set(label, key);
    return key;
  }

  function findKey(purpose: KeyPurpose, keyId: string): Buffer {
    if (!ring.has(keyId) && reread) ring = parseKeys(reread());
    const key = derive(purpose, keyId);
    if (!key) throw new UnknownKey(keyId);
    return key;
  }

  return {
    get currentKeyId() {
      return [...ring.keys()][0]!;
    },
    get keyIds() {
      return [...ring.keys()];
    },
    seal(purpose, name, plaintext) {
      const keyId = this.currentKeyId;
      return { keyId, sealed: encrypt(findKey(purpose, keyId), name, plaintext) };
    },
    open(purpose, name, { keyId, sealed }) {
      return decrypt(findKey(purpose, keyId), name, sealed);
    },
  };
}

function parseKeys(keys: readonly string[]): Map<string, Buffer> {
  if (keys.length === 0) throw new Error('There must be at least one secret key.');
  return new Map(keys.map(parseKey).map((key) => [keyIdOf(key), key]));
}

function parseKey(text: string, index: number): Buffer {
  const key = Buffer.from(text, 'base64');
  // The key itself stays out of the message.
  if (key.length !== 32) throw new Error(`Secret key ${index + 1} is not base64 of 32 bytes.`);
  return key;
}
