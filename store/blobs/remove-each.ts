import { checkGroupPrefix } from './blob-key.ts';
import type { BlobStore } from './blob-store.ts';

/** Removes the blobs of a group one by one: every store can do that, and groups are small. */
export async function removeEach(blobs: Pick<BlobStore, 'list' | 'remove'>, prefix: string): Promise<void> {
  checkGroupPrefix(prefix);
  for await (const { key } of blobs.list(prefix)) await blobs.remove(key);
}
