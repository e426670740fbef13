/** Where blobs are kept: archives, bundles, transcripts. */
import { z } from 'zod';
import { OnOff } from '../settings.ts';

export const blobSettings = z.object({
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/)
    .optional()
    .describe(
      'Bucket of an S3-compatible store for blobs; it must exist. Without it, they are in a folder under PAWL_HOME.',
    ),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Base URL of the S3-compatible store. Without it, Amazon's."),
  S3_REGION: z.string().default('us-east-1').describe('Region of the bucket.'),
  S3_PATH_STYLE: OnOff.optional().describe(
    'Whether the bucket is part of the path instead of the host name: on or off. Unset: on with `S3_ENDPOINT`.',
  ),
  AWS_ACCESS_KEY_ID: z
    .string()
    .optional()
    .describe("Who Pawl is at the S3-compatible store. Without it, what Amazon's tools would find on this machine."),
  AWS_SECRET_ACCESS_KEY: z.string().optional().describe('The secret that belongs to it.'),
});
