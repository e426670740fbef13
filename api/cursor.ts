import { createHmac, timingSafeEqual } from 'node:crypto';
import { Problem } from './problems.ts';

const macBytes = 16;

/** What makes a cursor ours: a key that only this installation has, and the list it belongs to. */
export interface CursorSeal {
  key: string;
  list: string;
}

/** Wraps a position in a list, so that no other text passes for one. */
export function sealCursor(position: Uint8Array, seal: CursorSeal): string {
  return Buffer.concat([macOf(position, seal), position]).toString('base64url');
}

/**
 * The position in a cursor. Fails with `invalid_cursor` unless `sealCursor` made it for the same list: Temporal must not see
 * foreign ones, as it takes them for a fault of its own and does not answer.
 */
export function openCursor(cursor: string, seal: CursorSeal): Uint8Array {
  const bytes = Buffer.from(cursor, 'base64url');
  const position = bytes.subarray(macBytes);
  const mac = bytes.subarray(0, macBytes);
  if (mac.length === macBytes && timingSafeEqual(mac, macOf(position, seal))) return position;
  throw new Problem('invalid_cursor', 'This cursor was not given out for this list.');
}

function macOf(position: Uint8Array, { key, list }: CursorSeal): Buffer {
  return createHmac('sha256', key).update(`${list}\n`).update(position).digest().subarray(0, macBytes);
}
