/** Sizes and contents of objects, many at a time. */
import type { Git } from './git.ts';

/** So much content is held in memory at once, a larger single object aside. */
const batchBytes = 16 * 1024 * 1024;

/** The size of each object in bytes. */
export async function readSizes(git: Git, oids: Iterable<string>): Promise<Map<string, number>> {
  const unique = [...new Set(oids)];
  if (unique.length === 0) return new Map();
  const answer = await git(['cat-file', '--batch-check=%(objectname) %(objectsize)'], { input: lines(unique) });
  const pairs = answer
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '));
  return new Map(pairs.map(([oid = '', size]) => [oid, Number(size)]));
}

/** The content of each object once, batch by batch. */
export async function* readContents(git: Git, sizes: ReadonlyMap<string, number>): AsyncGenerator<Map<string, Buffer>> {
  for (const batch of batches(sizes)) {
    const maxOutputBytes = batch.reduce((sum, oid) => sum + (sizes.get(oid) ?? 0) + 100, 1);
    const answer = await git(['cat-file', '--batch=%(objectname) %(objectsize)'], {
      input: lines(batch),
      maxOutputBytes,
    });
    yield contentsIn(answer);
  }
}

function* batches(sizes: ReadonlyMap<string, number>): Generator<string[]> {
  let batch: string[] = [];
  let bytes = 0;
  for (const [oid, size] of sizes) {
    if (batch.length > 0 && bytes + size > batchBytes) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(oid);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** `<oid> <size>\n<content>\n`, again and again. */
function contentsIn(answer: Buffer): Map<string, Buffer> {
  const contents = new Map<string, Buffer>();
  let at = 0;
  while (at < answer.length) {
    const end = answer.indexOf('\n', at);
    const [oid = '', size] = answer.toString('latin1', at, end).split(' ');
    const start = end + 1;
    contents.set(oid, answer.subarray(start, start + Number(size)));
    at = start + Number(size) + 1;
  }
  return contents;
}

function lines(oids: readonly string[]): string {
  return `${oids.join('\n')}\n`;
}
