import type { KeyPurpose, Keyring } from './keyring.ts';

/** An envelope as it lies in a row: the key's id beside the bytes as base64. */
export interface SealedText {
  key_id: string;
  sealed: string;
}

/** Seals text under a purpose and a name. */
export function sealText(keyring: Keyring, purpose: KeyPurpose, name: string, text: string): SealedText {
  const { keyId, sealed } = keyring.seal(purpose, name, Buffer.from(text));
  return { key_id: keyId, sealed: sealed.toString('base64') };
}

/** Opens what `sealText` sealed under the same purpose and name; throws as `Keyring.open` does. */
export function openText(keyring: Keyring, purpose: KeyPurpose, name: string, { key_id, sealed }: SealedText): string {
  return keyring.open(purpose, name, { keyId: key_id, sealed: Buffer.from(sealed, 'base64') }).toString();
}
