import type { Readable } from 'node:stream';

const largest = 256 * 1024;

/** The beginning of an answer that is expected to be short, as text; what is longer is broken off. */
export async function readShort(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largest) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
