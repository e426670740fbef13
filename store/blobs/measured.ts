import { createHash } from 'node:crypto';
import { BlobTooLarge } from './blob-store.ts';
import type { StoredBlob } from './blob-store.ts';

/** A step of a pipeline that passes bytes on, and knows at the end how many and which. */
export interface Measure {
  /** Throws `BlobTooLarge` before the first byte too many. */
  pass: (source: AsyncIterable<Buffer | string>) => AsyncGenerator<Buffer>;
  /** Of everything passed on so far. */
  result: () => StoredBlob;
}

/** A measure for the bytes of one blob. */
export function measuring(key: string, maxBytes: number): Measure {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    pass: async function* (source) {
      for await (const chunk of source) {
        const buffer = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
        bytes += buffer.length;
        if (bytes > maxBytes) throw new BlobTooLarge(key, maxBytes);
        hash.update(buffer);
        yield buffer;
      }
    },
    result: () => ({ bytes, sha256: hash.digest('hex') }),
  };
}
