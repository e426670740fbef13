/** Blobs in an S3-compatible store. The only file that knows Amazon's library. */
import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListMultipartUploadsCommand,
  NoSuchKey,
  NoSuchUpload,
  paginateListObjectsV2,
  S3Client,
  type ListMultipartUploadsCommandOutput,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { partsOfKey } from './blob-key.ts';
import type { BlobStore } from './blob-store.ts';
import { measuring } from './measured.ts';
import { removeEach } from './remove-each.ts';

/** Where the store is, and who we are there. */
export interface S3Options {
  bucket: string;
  region: string;
  /** Without one, it is Amazon's. */
  endpoint?: string | undefined;
  /** Whether the bucket is part of the path instead of the host name, as most stores besides Amazon's want it. */
  pathStyle: boolean;
  /** Without them, the library finds some as Amazon's tools do: a profile, or the role of the machine. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

/** A part is held in memory until it has arrived; S3 takes 10,000, so a blob may have 80 GB. */
const partBytes = 8 * 1024 * 1024;
const partsAtOnce = 2;
const pingMs = 2_000;

/** Blobs as objects of a bucket, which must exist. What is larger than a part is uploaded in parts that appear together. */
export function openS3BlobStore({ bucket: Bucket, ...options }: S3Options): BlobStore {
  const client = createClient(options);

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      partsOfKey(key);
      const measure = measuring(key, maxBytes);
      const Body = new PassThrough();
      const feeding = pipeline(source, measure.pass, Body);
      // The upload fails with it, and says so.
      feeding.catch(() => undefined);
      try {
        const params = { Bucket, Key: key, Body };
        await new Upload({ client, params, partSize: partBytes, queueSize: partsAtOnce }).done();
      } finally {
        Body.destroy();
      }
      return measure.result();
    },
    async get(key) {
      partsOfKey(key);
      try {
        const { Body, ContentLength = 0 } = await client.send(new GetObjectCommand({ Bucket, Key: key }));
        return { stream: Body as Readable, bytes: ContentLength };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    async *list(Prefix) {
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
        for (const { Key = '', Size = 0, LastModified = new Date() } of Contents) {
          yield { key: Key, bytes: Size, storedAt: LastModified };
        }
      }
    },
    async remove(key) {
      partsOfKey(key);
      await client.send(new DeleteObjectCommand({ Bucket, Key: key }));
    },
    removeAll: (prefix) => removeEach(store, prefix),
    async removeAbandoned(before) {
      let removed = 0;
      for await (const { Key, UploadId, Initiated = new Date() } of unfinishedUploads(client, Bucket)) {
        if (Initiated >= before) continue;
        await client.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId })).catch(ifStillThere);
        removed += 1;
      }
      return removed;
    },
    async ping() {
      await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(pingMs) });
    },
    close: () => client.destroy(),
  };
  return store;
}

function createClient({ region, endpoint, pathStyle, credentials }: Omit<S3Options, 'bucket'>): S3Client {
  return new S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint && { endpoint }),
    ...(credentials && { credentials }),
    // Other stores than Amazon's may not know the checksums that the library adds by itself, and then keep them as content.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A peer that is gone without a word must not hold a writer for ever.
    requestHandler: { connectionTimeout: 5_000, requestTimeout: 60_000, throwOnRequestTimeout: true },
  });
}

async function* unfinishedUploads(client: S3Client, Bucket: string): AsyncGenerator<MultipartUpload> {
  let from: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } | undefined = {};
  while (from) {
    const page: ListMultipartUploadsCommandOutput = await client.send(
      new ListMultipartUploadsCommand({ Bucket, ...from }),
    );
    yield* page.Uploads ?? [];
    from = page.IsTruncated ? { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker } : undefined;
  }
}

/** Its writer may have ended it meanwhile. */
function ifStillThere(error: unknown): void {
  if (!(error instanceof NoSuchUpload)) throw error;
}
