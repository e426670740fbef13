import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import fc from 'fast-check';
import { createPayloadCodec } from '../../codec/payload-codec.ts';
import { EnvelopeDamaged } from '../../store/envelope.ts';
import { createKeyring, UnknownKey } from '../../store/keyring.ts';
import { newKey } from '../support/keys.ts';

describe('the payload codec', () => {
  const key = newKey();
  const codec = createPayloadCodec(createKeyring([key]));

  it('gives back every value that a workflow can be given', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.uint8Array(), fc.constant(undefined));
    const property = fc.asyncProperty(fc.array(value), async (values) => {
      const payloads = values.map((value) => defaultPayloadConverter.toPayload(value));
      const decoded = await codec.decode(await codec.encode(payloads));
      assert.deepEqual(
        decoded.map((payload) => defaultPayloadConverter.fromPayload(payload)),
        payloads.map((payload) => defaultPayloadConverter.fromPayload(payload)),
      );
    });
    await fc.assert(property);
  });

  it('shows nothing but that it is encrypted, and with which key', async () => {
    const [encoded] = await codec.encode([payloadOf('hunter2')]);
    assert.equal(text(encoded, 'encoding'), 'binary/encrypted');
    assert.equal(text(encoded, 'encryption-key-id'), createKeyring([key]).currentKeyId);
    assert.deepEqual(Object.keys(encoded?.metadata ?? {}).toSorted(), ['encoding', 'encryption-key-id']);
    assert.doesNotMatch(Buffer.from(encoded?.data ?? []).toString('latin1'), /hunter2|json/);
  });

  it('encrypts equal payloads differently', async () => {
    const [one, other] = await codec.encode([payloadOf('same'), payloadOf('same')]);
    assert.notDeepEqual(one?.data, other?.data);
  });

  it('lets payloads through that nobody encrypted', async () => {
    const plain = payloadOf('from elsewhere');
    assert.deepEqual(await codec.decode([plain, {}]), [plain, {}]);
  });

  it('notices a changed payload', async () => {
    const [encoded] = await codec.encode([payloadOf('hunter2')]);
    const data = Buffer.from(encoded?.data ?? []);
    data[data.length >> 1]! ^= 1;
    await assert.rejects(codec.decode([{ ...encoded, data }]), EnvelopeDamaged);
  });

  it('reads after a rotation what was encrypted before it', async () => {
    const before = await codec.encode([payloadOf('old')]);
    const rotated = createPayloadCodec(createKeyring([newKey(), key]));
    assert.equal(defaultPayloadConverter.fromPayload((await rotated.decode(before))[0]!), 'old');
    const after = await rotated.encode([payloadOf('new')]);
    assert.notEqual(text(after[0], 'encryption-key-id'), text(before[0], 'encryption-key-id'));
    await assert.rejects(codec.decode(after), UnknownKey);
  });

  it('cannot be made to open a secret', async () => {
    const { keyId, sealed } = createKeyring([key]).seal('secret', '', Buffer.from('password'));
    const metadata = { encoding: Buffer.from('binary/encrypted'), 'encryption-key-id': Buffer.from(keyId) };
    await assert.rejects(codec.decode([{ metadata, data: sealed }]), EnvelopeDamaged);
  });
});

function payloadOf(value: unknown): Payload {
  return defaultPayloadConverter.toPayload(value);
}

function text(payload: Payload | undefined, name: string): string {
  return Buffer.from(payload?.metadata?.[name] ?? []).toString();
}
