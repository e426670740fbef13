import assert from 'node:assert/strict';
import { buffer } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import type { BlobStore } from '../../../store/blobs/blob-store.ts';
import { openBlobsAt } from '../blob-place.ts';
import type { MakeBlobPlace } from '../blob-place.ts';
import type { PutOrder } from '../children/put-blobs.ts';

const putter = fileURLToPath(new URL('../children/put-blobs.ts', import.meta.url));
const soon = (): Date => new Date(Date.now() + 60_000);

/** What the blob store promises after a writer was killed. */
export function describeBlobsUnderFire(makePlace: MakeBlobPlace): void {
  describe('a blob whose writer was killed', () => {
    it('in the middle is not there, and what was left is swept up once it is old', async () => {
      const place = await makePlace();
      await putUntilKilled({ place, key: 'run/run-1/file', stallsAfter: 40 }, (line) => line === 'stalled');
      await using blobs = await openBlobsAt(place);
      assert.equal(await blobs.get('run/run-1/file'), undefined);
      for await (const { key } of blobs.list('')) assert.fail(`${key} is listed`);
      assert.equal(await blobs.removeAbandoned(new Date(Date.now() - 60_000)), 0);
      assert.equal(await blobs.removeAbandoned(soon()), 1);
      assert.equal(await blobs.removeAbandoned(soon()), 0);
    });

    it('at any moment of many replacements is one that it put, whole, and none from before the last one it was told of', async () => {
      const place = await makePlace();
      for (const kill of [1, 2, 4]) {
        const told = await putUntilKilled({ place, key: 'a/b/c', stallsAfter: null }, (line) => Number(line) >= kill);
        await using blobs = await openBlobsAt(place);
        const value = await wholeValue(blobs, 'a/b/c');
        assert.ok(value === Number(told.at(-1)) || value === Number(told.at(-1)) + 1, `${value} after ${told.at(-1)}`);
      }
    });
  });
}

/** Kills the writer when it has said so much; resolves to all it said. */
async function putUntilKilled(order: PutOrder, isEnough: (line: string) => boolean): Promise<string[]> {
  const child = execa(process.execPath, [putter, JSON.stringify(order)]);
  const lines: string[] = [];
  try {
    for await (const line of child) {
      lines.push(line);
      if (isEnough(line)) child.kill('SIGKILL');
    }
  } catch (error) {
    if (!(error instanceof Error && 'signal' in error && error.signal === 'SIGKILL')) throw error;
  }
  return lines;
}

/** Each value consists of one byte over and over, as often as that byte says. */
async function wholeValue(blobs: BlobStore, key: string): Promise<number> {
  const found = await blobs.get(key);
  assert.ok(found);
  const content = await buffer(found.stream);
  const value = content[0] ?? 0;
  assert.ok(content.equals(Buffer.alloc(content.length, value)), 'parts of two values');
  assert.equal(content.length, 9 * 1024 * 1024 + value);
  return value;
}
