import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BlobTooLarge } from './blob-store.ts';
import type { BlobInfo, BlobStore, StoredBlob } from './blob-store.ts';

/** Blobs as files below a folder. */
export function openBlobDirectory(folder: string): Pick<BlobStore, 'put' | 'get' | 'list'> {
  const drafts = path.join(folder, '.drafts');
  const fileOf = (key: string) => path.join(folder, key);
  return {
    async put(key, source, { maxBytes }) {
      const draft = path.join(drafts, randomUUID());
      await mkdir(drafts, { recursive: true, mode: 0o700 });
      await mkdir(path.dirname(fileOf(key)), { recursive: true, mode: 0o700 });
      try {
        const stored = await write(draft, key, source, maxBytes);
        await rename(draft, fileOf(key));
        return stored;
      } finally {
        await rm(draft, { force: true });
      }
    },
    async get(key) {
      const file = await open(fileOf(key)).catch(() => undefined);
      if (!file) return undefined;
      const { size } = await file.stat();
      return { stream: createReadStream('', { fd: file }), bytes: size };
    },
    list: (prefix) => listFiles(folder, prefix),
  };
}

async function write(draft: string, key: string, source: Readable, maxBytes: number): Promise<StoredBlob> {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* measured(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw new BlobTooLarge(key, maxBytes);
      hash.update(chunk);
      yield chunk;
    }
  }
  await pipeline(source, measured, createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true }));
  return { bytes, sha256: hash.digest('hex') };
}

async function* listFiles(folder: string, prefix: string): AsyncGenerator<BlobInfo> {
  const { readdir, stat } = await import('node:fs/promises');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const key = path.relative(folder, file);
    if (!entry.isFile() || !key.startsWith(prefix) || key.startsWith('.drafts/')) continue;
    const { size, mtime } = await stat(file);
    yield { key, bytes: size, storedAt: mtime };
  }
}
