import { randomBytes } from 'node:crypto';

/** A fresh master key in base64. */
export function newKey(): string {
  return randomBytes(32).toString('base64');
}
