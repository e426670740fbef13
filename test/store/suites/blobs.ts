import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { BlobTooLarge } from '../../../store/blobs/blob-store.ts';
import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import { InvalidBlobKey } from '../../../store/blobs/blob-key.ts';
import { listGroupsOlderThan } from '../../../store/blobs/old-groups.ts';
import { openBlobsAt } from '../blob-place.ts';
import type { MakeBlobPlace } from '../blob-place.ts';

const mebibyte = 1024 * 1024;
const part = 8 * mebibyte;
const plenty = { maxBytes: 100 * mebibyte };
const soon = (): Date => new Date(Date.now() + 60_000);

/** What the blob store promises. */
export function describeBlobs(makePlace: MakeBlobPlace): void {
  describe('a blob', () => {
    for (const bytes of [0, 1, part - 1, part, part + 1, 2 * part + 12_345]) {
      it(`of ${bytes} bytes comes back as it went in`, async () => {
        await using blobs = await openBlobsAt(await makePlace());
        const content = randomBytes(bytes);
        const stored = await blobs.put('run/run-1/file', inChunks(content), plenty);
        assert.deepEqual(stored, { bytes, sha256: createHash('sha256').update(content).digest('hex') });
        const found = await blobs.get('run/run-1/file');
        assert.equal(found?.bytes, bytes);
        assert.ok(content.equals(await buffer(found.stream)));
      });
    }

    it('that was never put is not there, and may be removed', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      assert.equal(await blobs.get('run/run-1/file'), undefined);
      await blobs.remove('run/run-1/file');
    });

    it('is replaced as a whole, while a reader goes on with what it began to read', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      const [older, newer] = [randomBytes(2 * part), randomBytes(5)];
      await blobs.put('a/b/c', Readable.from([older]), plenty);
      const found = await blobs.get('a/b/c');
      const reading = found!.stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
      const first = await reading.next();
      await blobs.put('a/b/c', Readable.from([newer]), plenty);
      const rest = await buffer({ [Symbol.asyncIterator]: () => reading });
      assert.ok(older.equals(Buffer.concat([first.value as Buffer, rest])));
      assert.deepEqual(await contentOf(blobs, 'a/b/c'), newer);
    });

    for (const bytes of [100, 3 * part]) {
      it(`of ${bytes} bytes that may have one less is refused by name, and leaves nothing`, async () => {
        await using blobs = await openBlobsAt(await makePlace());
        const attempt = blobs.put('a/b/c', inChunks(randomBytes(bytes)), { maxBytes: bytes - 1 });
        await assert.rejects(attempt, BlobTooLarge);
        await assertEmpty(blobs);
      });

      it(`whose source fails after ${bytes} bytes leaves nothing`, async () => {
        await using blobs = await openBlobsAt(await makePlace());
        await assert.rejects(blobs.put('a/b/c', failingAfter(randomBytes(bytes)), plenty), /the source broke/);
        await assertEmpty(blobs);
      });
    }

    it('whose source fails at once leaves nothing, however often', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (let times = 0; times < 50; times++) {
        await assert.rejects(blobs.put('a/b/c', failingAfter(Buffer.alloc(0)), plenty), /the source broke/);
      }
      const broken = new Readable({ read: () => undefined }).on('error', () => undefined);
      broken.destroy(new Error('the source broke'));
      await assert.rejects(blobs.put('a/b/c', broken, plenty), /the source broke/);
      await assertEmpty(blobs);
    });

    it('whose source goes away without a word leaves nothing', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      const source = new Readable({ read: () => undefined });
      source.push(randomBytes(100));
      const attempt = assert.rejects(blobs.put('a/b/c', source, plenty), { code: 'ERR_STREAM_PREMATURE_CLOSE' });
      source.destroy();
      await attempt;
      await assertEmpty(blobs);
    });

    it('keeps its value when a replacement fails', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      await blobs.put('a/b/c', Readable.from(['kept']), plenty);
      await assert.rejects(blobs.put('a/b/c', failingAfter(randomBytes(3 * part)), plenty));
      await assert.rejects(blobs.put('a/b/c', Readable.from(['longer']), { maxBytes: 5 }));
      assert.equal(String(await contentOf(blobs, 'a/b/c')), 'kept');
    });

    it('that many put at once has one of their values, whole', async () => {
      const place = await makePlace();
      const stores = await Promise.all([openBlobsAt(place), openBlobsAt(place), openBlobsAt(place)]);
      const values = [1, 2, 3, part + 4, part + 5, part + 6].map((bytes) => randomBytes(bytes));
      await Promise.all(values.map((value, index) => stores[index % 3]!.put('a/b/c', inChunks(value), plenty)));
      const content = await contentOf(stores[0], 'a/b/c');
      assert.equal(values.filter((value) => value.equals(content)).length, 1);
      for (const blobs of stores) blobs.close();
    });
  });

  describe('the key of a blob', () => {
    const keys = [
      'run/run-k3x9a1b2c3/result.bundle',
      'session/a_B-9/session.tar',
      'session/A_b-9/session.tar',
      `session/${'S'.repeat(128)}/${'x'.repeat(200)}`,
      `session/${'s'.repeat(128)}/${'X'.repeat(200)}`,
      '.hidden/..two/a.',
    ];

    it('may have capitals, dots and length: each names a blob of its own', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (const key of keys) await blobs.put(key, Readable.from([key]), plenty);
      assert.deepEqual(await keysOf(blobs, ''), keys.toSorted());
      for (const key of keys) assert.equal(String(await contentOf(blobs, key)), key);
    });

    const bad = [
      '',
      '.',
      '..',
      '/a',
      'a/',
      'a//b',
      '../a',
      'a/../b',
      'a/./b',
      '...',
      'a\\b',
      'a\0b',
      'ä',
      'a b',
      '%2e',
    ];
    it('leads nowhere else: anything but a plain path is refused by name', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (const key of [...bad, 'x'.repeat(201), 'x/'.repeat(450) + 'x']) {
        await assert.rejects(blobs.put(key, Readable.from(['x']), plenty), InvalidBlobKey);
        await assert.rejects(blobs.get(key), InvalidBlobKey);
        await assert.rejects(blobs.remove(key), InvalidBlobKey);
      }
      await assertEmpty(blobs);
    });
  });

  describe('a group of blobs', () => {
    it('is listed by the beginning of its keys', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (const key of ['run/run-1/a', 'run/run-1/b', 'run/run-10/a'])
        await blobs.put(key, Readable.from(['abc']), plenty);
      assert.deepEqual(await keysOf(blobs, 'run/run-1/'), ['run/run-1/a', 'run/run-1/b']);
      assert.deepEqual(await keysOf(blobs, 'run/run-1'), ['run/run-1/a', 'run/run-1/b', 'run/run-10/a']);
      assert.deepEqual(await keysOf(blobs, 'nothing/'), []);
      for await (const { bytes, storedAt } of blobs.list('')) {
        assert.equal(bytes, 3);
        assert.ok(Math.abs(storedAt.getTime() - Date.now()) < 60_000);
      }
    });

    it('is removed as a whole, and no other', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (const key of ['run/run-1/a', 'run/run-1/b/c', 'run/run-10/a'])
        await blobs.put(key, Readable.from(['']), plenty);
      await blobs.removeAll('run/run-1/');
      await blobs.removeAll('run/run-1/');
      assert.deepEqual(await keysOf(blobs, ''), ['run/run-10/a']);
      for (const prefix of ['', 'run/run-10', '/', '../'])
        await assert.rejects(blobs.removeAll(prefix), InvalidBlobKey);
      assert.deepEqual(await keysOf(blobs, ''), ['run/run-10/a']);
    });

    it('of more blobs than one page is listed and removed as a whole', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      const keys = Array.from({ length: 1_050 }, (_, index) => `run/run-1/${index}`);
      const waiting = keys.values();
      const putSome = async () => {
        for (const key of waiting) await blobs.put(key, Readable.from(['']), plenty);
      };
      await Promise.all(Array.from({ length: 10 }, putSome));
      assert.equal((await keysOf(blobs, '')).length, keys.length);
      await blobs.removeAll('run/run-1/');
      await assertEmpty(blobs);
    });

    it('may be removed while somebody puts into it', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      for (let round = 0; round < 30; round++) {
        const puts = [1, 2, 3].map((name) => blobs.put(`run/run-1/deep/${name}`, Readable.from(['x']), plenty));
        await Promise.all([...puts, blobs.removeAll('run/run-1/'), blobs.removeAll('run/run-1/')]);
      }
      await blobs.removeAll('run/run-1/');
      await assertEmpty(blobs);
    });

    it('is old when its newest blob is', async () => {
      await using blobs = await openBlobsAt(await makePlace());
      await blobs.put('run/run-1/a', Readable.from(['']), plenty);
      await blobs.put('session/s-1/a', Readable.from(['']), plenty);
      assert.deepEqual(await listGroupsOlderThan(blobs, new Date(Date.now() - 60_000)), []);
      assert.deepEqual((await listGroupsOlderThan(blobs, soon())).toSorted(), ['run/run-1/', 'session/s-1/']);
    });
  });

  it('the blob store answers a ping', async () => {
    await using blobs = await openBlobsAt(await makePlace());
    await blobs.ping();
  });
}

function inChunks(content: Buffer, chunkBytes = 777_777): Readable {
  const chunks = Math.ceil(content.length / chunkBytes);
  return Readable.from(
    Array.from({ length: chunks }, (_, index) => content.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
}

function failingAfter(content: Buffer): Readable {
  async function* fail() {
    yield* inChunks(content) as AsyncIterable<Buffer>;
    throw new Error('the source broke');
  }
  return Readable.from(fail());
}

async function contentOf(blobs: BlobStore, key: string): Promise<Buffer> {
  const found = await blobs.get(key);
  assert.ok(found, `${key} is there`);
  return await buffer(found.stream);
}

async function keysOf(blobs: BlobStore, prefix: string): Promise<string[]> {
  const keys = [];
  for await (const { key } of blobs.list(prefix)) keys.push(key);
  return keys.toSorted();
}

/** Neither blobs nor the beginnings of some. */
async function assertEmpty(blobs: BlobStore): Promise<void> {
  assert.deepEqual(await keysOf(blobs, ''), []);
  assert.equal(await blobs.removeAbandoned(soon()), 0);
}
