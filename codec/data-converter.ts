import { fileURLToPath } from 'node:url';
import type { DataConverter } from '@temporalio/common';
import type { Keyring } from '../store/keyring.ts';
import { createPayloadCodec } from './payload-codec.ts';

/** What `bundleWorkflowCode` needs too, so that failures made inside workflows are encoded. */
export const failureConverterPath = fileURLToPath(new URL('./failure-converter.cjs', import.meta.url));

/** The one data converter of every client, worker and replay: all payloads and failure texts encrypted. */
export function createDataConverter(keyring: Keyring): DataConverter & { failureConverterPath: string } {
  return { payloadCodecs: [createPayloadCodec(keyring)], failureConverterPath };
}
