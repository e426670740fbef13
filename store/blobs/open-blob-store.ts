import path from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { openDirectoryBlobStore } from './directory.ts';
import type { S3Options } from './s3.ts';

/** Where the blobs are. */
export interface BlobStoreOptions {
  /** They are in its folder `blobs`, unless there is a bucket for them. */
  home: string;
  s3?: S3Options | undefined;
}

/** Opens the blob store; any number of processes may do so at once. Close it at the end. */
export async function openBlobStore({ home, s3 }: BlobStoreOptions): Promise<BlobStore> {
  if (!s3) return await openDirectoryBlobStore(path.join(home, 'blobs'));
  // Loaded where it is needed: Amazon's library takes a while to load.
  const { openS3BlobStore } = await import('./s3.ts');
  return openS3BlobStore(s3);
}
