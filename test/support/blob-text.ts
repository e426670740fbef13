import { text } from 'node:stream/consumers';
import type { BlobStore } from '../../store/blobs/blob-store.ts';

/** The blob as text; throws when there is none. */
export async function textOf(blobs: BlobStore, key: string): Promise<string> {
  const found = await blobs.get(key);
  if (!found) throw new Error(`There is no blob ${key}.`);
  return await text(found.stream);
}
