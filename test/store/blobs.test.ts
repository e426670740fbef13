/** One suite of promises, kept by a folder and by an S3-compatible store alike. */
import assert from 'node:assert/strict';
import { rm, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { fileOfKey, keyOfFile } from '../../store/blobs/file-names.ts';
import { startS3Server, type S3Server } from '../support/s3-server.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { openBlobsAt } from './blob-place.ts';
import type { MakeBlobPlace } from './blob-place.ts';
import { describeBlobs } from './suites/blobs.ts';
import { describeBlobsUnderFire } from './suites/blobs-under-fire.ts';

const suites = [describeBlobs, describeBlobsUnderFire];

describe('blobs in a folder', () => {
  const folders = new AsyncDisposableStack();
  after(() => folders.disposeAsync());
  const makePlace: MakeBlobPlace = async () => ({ home: folders.use(await temporaryFolder()).path });
  for (const suite of suites) suite(makePlace);

  it('are for their owner alone, and an empty store has no folders left', async () => {
    const { home } = await makePlace();
    await using blobs = await openBlobsAt({ home });
    const kept = path.join(home, 'blobs/kept');
    await blobs.put('run/run-1/a', Readable.from(['x']), { maxBytes: 1 });
    assert.equal((await stat(path.join(kept, 'run/run-1/a'))).mode & 0o777, 0o600);
    assert.equal((await stat(kept)).mode & 0o777, 0o700);
    await blobs.remove('run/run-1/a');
    assert.deepEqual(await readdir(kept), []);
  });

  it('do not answer a ping when their folder is gone', async () => {
    const { home } = await makePlace();
    await using blobs = await openBlobsAt({ home });
    await rm(path.join(home, 'blobs'), { recursive: true });
    await assert.rejects(blobs.ping());
  });
});

describe('the file of a key', () => {
  const letters = [...'aZz09._-'];
  const part = fc
    .string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 200 })
    .filter((text) => !/^\.+$/.test(text));
  const key = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));

  it('leads back to the key, stays in the folder, and has names that every file system takes', () => {
    fc.assert(
      fc.property(key, (text) => {
        const names = fileOfKey(text).split('/');
        assert.equal(keyOfFile(names.join('/')), text);
        for (const name of names) assert.match(name, /^[a-z0-9_%-][a-z0-9._%~-]{0,209}$/);
      }),
    );
  });
});

describe('blobs in an S3-compatible store', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3Server();
  });
  after(() => server[Symbol.asyncDispose]());
  const makePlace: MakeBlobPlace = async () => ({ home: '/nowhere', s3: await server.createBucket() });
  for (const suite of suites) suite(makePlace);

  it('do not answer a ping without their bucket, or with the wrong secret', async () => {
    const { home, s3 } = await makePlace();
    await using elsewhere = await openBlobsAt({ home, s3: { ...s3!, bucket: 'no-such-bucket' } });
    await assert.rejects(elsewhere.ping(), { name: 'NotFound' });
    const credentials = { accessKeyId: s3!.credentials!.accessKeyId, secretAccessKey: 'another' };
    await using impostor = await openBlobsAt({ home, s3: { ...s3!, credentials } });
    await assert.rejects(
      impostor.ping(),
      ({ $metadata }: { $metadata: { httpStatusCode: number } }) => $metadata.httpStatusCode === 403,
    );
  });
});
