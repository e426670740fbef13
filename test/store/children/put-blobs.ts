/**
 * Puts a blob: with `stallsAfter`, one that stops coming after so many MiB, and says `stalled` then; otherwise the values 1, 2,
 * 3 … one after the other, and says each when it is stored.
 */
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { openBlobsAt, type BlobPlace } from '../blob-place.ts';

export interface PutOrder {
  place: BlobPlace;
  key: string;
  stallsAfter: number | null;
}

const mebibyte = 1024 * 1024;
const { place, key, stallsAfter } = JSON.parse(process.argv[2]!) as PutOrder;
await using blobs = await openBlobsAt(place);
const limits = { maxBytes: 100 * mebibyte };
// Keeps the process alive while nothing comes.
setInterval(() => undefined, 60_000);
if (stallsAfter !== null) await blobs.put(key, Readable.from(stalling(stallsAfter)), limits);

for (let value = 1; ; value++) {
  await blobs.put(key, Readable.from([Buffer.alloc(9 * mebibyte + value, value)]), limits);
  console.log(value);
  await setImmediate(); // Lets the line go out before the next put.
}

async function* stalling(mebibytes: number): AsyncGenerator<Buffer> {
  for (let sent = 0; sent < mebibytes; sent++) yield Buffer.alloc(mebibyte);
  console.log('stalled');
  await new Promise(() => undefined);
}
