/** AES-256-GCM envelopes. Who holds the keys is `keyring.ts`. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** Sealed bytes (nonce, ciphertext, tag) and the id of the key that opens them. */
export interface Envelope {
  keyId: string;
  sealed: Buffer;
}

/** An envelope does not open: its bytes, its purpose or its name are not the ones that were sealed. */
export class EnvelopeDamaged extends Error {
  override name = 'EnvelopeDamaged';
}

/**
 * Nonce, ciphertext and tag of the plaintext, bound to the name. The cipher is synchronous: a hop to the thread pool costs more
 * than sealing the small values that Pawl has.
 */
export function encrypt(key: Buffer, name: string, plaintext: Uint8Array): Buffer {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** What `encrypt` was given under this key and name; throws `EnvelopeDamaged` for anything else. */
export function decrypt(key: Buffer, name: string, sealed: Buffer): Buffer {
  try {
    const nonce = sealed.subarray(0, nonceBytes);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagBytes });
    decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-tagBytes));
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch (cause) {
    throw new EnvelopeDamaged('A sealed value does not open: it was changed, or sealed for something else.', { cause });
  }
}
