const maxKeyLength = 900;
/** Stores that keep objects as files make names longer, and a file's may have 255 bytes. */
const maxPartLength = 200;

/** The text is no key that every store can hold. */
export class InvalidBlobKey extends Error {
  override name = 'InvalidBlobKey';
  constructor(key: string) {
    super(`Not the key of a blob: ${JSON.stringify(key.slice(0, 100))}`);
  }
}

/**
 * Returns the parts of a key. They are separated by `/`, consist of ASCII letters, digits, `.`, `_` and `-`, of something
 * besides dots, and have 200 characters at most. Fails with `InvalidBlobKey`.
 */
export function partsOfKey(key: string): string[] {
  const parts = key.split('/');
  if (key.length > maxKeyLength || !parts.every(isPart)) throw new InvalidBlobKey(key);
  return parts;
}

/** Fails with `InvalidBlobKey` unless the prefix is that of a group of keys: whole parts, each with its `/`. */
export function checkGroupPrefix(prefix: string): void {
  if (!prefix.endsWith('/')) throw new InvalidBlobKey(prefix);
  partsOfKey(prefix.slice(0, -1));
}

function isPart(part: string): boolean {
  return part.length <= maxPartLength && /^\.*[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(part);
}
