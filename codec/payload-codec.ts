import type { Payload, PayloadCodec } from '@temporalio/common';
import { decode, encode } from '@temporalio/common/lib/encoding.js';
import proto from '@temporalio/proto';
import type { Keyring } from '../store/keyring.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const encryptedEncoding = 'binary/encrypted';

// A payload is read where it was not written (a memo in a list, an argument handed to a child, the codec server, which learns
// no workflow id), so nothing but its purpose can be bound to it.
const payloadName = '';

/**
 * Encrypts whole payloads, metadata included, before they leave the process. What is not encrypted passes through decoding as
 * it is. Decoding rejects with `UnknownKey` or `EnvelopeDamaged`, never with wrong bytes.
 */
export function createPayloadCodec(keyring: Keyring): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => encrypt(keyring, payload)),
    decode: async (payloads) => payloads.map((payload) => decrypt(keyring, payload)),
  };
}

function encrypt(keyring: Keyring, payload: Payload): Payload {
  const plaintext = PayloadMessage.encode(payload).finish();
  const { keyId, sealed } = keyring.seal('payload', payloadName, plaintext);
  return { metadata: { encoding: encode(encryptedEncoding), 'encryption-key-id': encode(keyId) }, data: sealed };
}

function decrypt(keyring: Keyring, payload: Payload): Payload {
  if (readMetadata(payload, 'encoding') !== encryptedEncoding) return payload;
  const envelope = { keyId: readMetadata(payload, 'encryption-key-id'), sealed: Buffer.from(payload.data ?? []) };
  return PayloadMessage.decode(keyring.open('payload', payloadName, envelope));
}

function readMetadata(payload: Payload, name: string): string {
  const value = payload.metadata?.[name];
  return value ? decode(value) : '';
}
