import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { EnvelopeDamaged } from '../../store/envelope.ts';
import { createKeyring, keyIdOf, UnknownKey } from '../../store/keyring.ts';
import { newKey } from '../support/keys.ts';

describe('the keyring', () => {
  const hello = Buffer.from('hello');

  it('opens what it sealed', () => {
    const keyring = createKeyring([newKey()]);
    fc.assert(
      fc.property(fc.string(), fc.uint8Array({ maxLength: 2000 }), (name, bytes) => {
        assert.deepEqual(keyring.open('secret', name, keyring.seal('secret', name, bytes)), Buffer.from(bytes));
      }),
    );
  });

  it('names a key by the first eight hex digits of its SHA-256', () => {
    assert.equal(keyIdOf(Buffer.alloc(32)), '66687aad');
    assert.equal(createKeyring([Buffer.alloc(32).toString('base64')]).currentKeyId, '66687aad');
  });

  it('does not open an envelope under another name or purpose', () => {
    const keyring = createKeyring([newKey()]);
    const envelope = keyring.seal('secret', 'a', hello);
    assert.throws(() => keyring.open('secret', 'b', envelope), EnvelopeDamaged);
    assert.throws(() => keyring.open('payload', 'a', envelope), EnvelopeDamaged);
  });

  it('notices every changed or missing byte', () => {
    const keyring = createKeyring([newKey()]);
    const { keyId, sealed } = keyring.seal('secret', 'a', hello);
    for (const index of sealed.keys()) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      assert.throws(() => keyring.open('secret', 'a', { keyId, sealed: changed }), EnvelopeDamaged);
      assert.throws(() => keyring.open('secret', 'a', { keyId, sealed: sealed.subarray(0, index) }), EnvelopeDamaged);
    }
  });

  it('seals with its first key and opens with all', () => {
    const [old, current] = [newKey(), newKey()];
    const envelope = createKeyring([old]).seal('secret', 'a', hello);
    const rotated = createKeyring([current, old]);
    assert.deepEqual(rotated.open('secret', 'a', envelope), hello);
    assert.notEqual(rotated.seal('secret', 'a', hello).keyId, envelope.keyId);
  });

  it('reads its keys again when it meets an unknown one, and seals with the new current key from then on', () => {
    const [old, current] = [newKey(), newKey()];
    const keyring = createKeyring([old], () => [current, old]);
    const envelope = createKeyring([current, old]).seal('secret', 'a', hello);
    assert.deepEqual(keyring.open('secret', 'a', envelope), hello);
    assert.equal(keyring.currentKeyId, envelope.keyId);
  });

  it('says which key is missing after reading its keys again once', () => {
    let reads = 0;
    const key = newKey();
    const keyring = createKeyring([key], () => (reads++, [key]));
    const envelope = createKeyring([newKey()]).seal('secret', 'a', hello);
    assert.throws(
      () => keyring.open('secret', 'a', envelope),
      (error: Error) => error instanceof UnknownKey && error.message.includes(envelope.keyId),
    );
    assert.equal(reads, 1);
  });

  it('refuses keys that are not 32 bytes without showing them', () => {
    const short = Buffer.alloc(31, 7).toString('base64');
    assert.throws(
      () => createKeyring([newKey(), short]),
      (error: Error) => error.message.includes('key 2') && !error.message.includes(short),
    );
    assert.throws(() => createKeyring([]));
  });
});
