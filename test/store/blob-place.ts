import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { openBlobStore, type BlobStoreOptions } from '../../store/blobs/open-blob-store.ts';

/** Where the blobs of one kind of store are, for tests that open them in several processes. */
export type BlobPlace = BlobStoreOptions;

/** A new, empty place. */
export type MakeBlobPlace = () => Promise<BlobPlace>;

/** Opens the blobs there; `await using` closes them. */
export async function openBlobsAt(place: BlobPlace): Promise<BlobStore & AsyncDisposable> {
  const blobs = await openBlobStore(place);
  return { ...blobs, [Symbol.asyncDispose]: async () => blobs.close() };
}
