import type { z } from 'zod';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import { openBlobStore } from '../store/blobs/open-blob-store.ts';
import type { S3Options } from '../store/blobs/s3.ts';
import type { blobSettings } from './settings/blobs.ts';
import { SettingsError } from './settings.ts';

type BlobSettings = z.infer<typeof blobSettings>;

/** The installation's blob store. Rejects with `SettingsError` when one of two settings that go together is missing. */
export async function openBlobs(settings: BlobSettings & { PAWL_HOME: string }): Promise<BlobStore> {
  return await openBlobStore({ home: settings.PAWL_HOME, s3: s3OptionsOf(settings) });
}

function s3OptionsOf(settings: BlobSettings): S3Options | undefined {
  const { S3_BUCKET: bucket, S3_ENDPOINT: endpoint, S3_REGION: region, S3_PATH_STYLE: pathStyle } = settings;
  if (bucket !== undefined) {
    return { bucket, region, endpoint, pathStyle: pathStyle ?? endpoint !== undefined, credentials: keysOf(settings) };
  }
  if (endpoint !== undefined) throw new SettingsError('S3_ENDPOINT is set without S3_BUCKET.');
  return undefined;
}

function keysOf({ AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret }: BlobSettings): S3Options['credentials'] {
  if (id !== undefined && secret !== undefined) return { accessKeyId: id, secretAccessKey: secret };
  if (id === undefined && secret === undefined) return undefined;
  throw new SettingsError('AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together.');
}
