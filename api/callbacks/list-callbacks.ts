import type { Callback } from '../../store/callback-log.ts';
import type { CallbackPage } from '../answers-callbacks.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import type { Services } from '../services.ts';
import { summarise } from './summarise.ts';

export interface ListRequest {
  subject?: string | undefined;
  cursor?: string | undefined;
  limit: number;
}

/** A page of callbacks, newest first. Fails with `invalid_cursor`. */
export async function listCallbacks(
  { store, ownerToken }: Services,
  { subject, cursor, limit }: ListRequest,
): Promise<CallbackPage> {
  const seal = { key: ownerToken, list: `callbacks of ${subject ?? 'everything'}` };
  const before = cursor === undefined ? undefined : readPosition(openCursor(cursor, seal));
  // One more than asked for tells whether there is a next page.
  const found = await store.callbacks.list({ subject, before, limit: limit + 1 });
  const callbacks = found.slice(0, limit);
  const last = callbacks.at(-1);
  const nextCursor = found.length > limit && last ? sealCursor(positionOf(last), seal) : null;
  return { callbacks: callbacks.map(summarise), nextCursor };
}

function positionOf({ createdAt, id }: Callback): Buffer {
  return Buffer.from(JSON.stringify({ createdAt, id }));
}

function readPosition(position: Uint8Array): Pick<Callback, 'createdAt' | 'id'> {
  return JSON.parse(Buffer.from(position).toString()) as Pick<Callback, 'createdAt' | 'id'>;
}
