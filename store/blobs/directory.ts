import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import pRetry from 'p-retry';
import type { BlobStore } from './blob-store.ts';
import { fileOfKey, keyOfFile } from './file-names.ts';
import { filesBelow, isMissing, removeEmptyFolders, syncFolders, undefinedIfMissing } from './folders.ts';
import { measuring } from './measured.ts';
import { removeEach } from './remove-each.ts';

/**
 * Blobs as files below a folder of this host, which several processes may share. A blob is written as a draft and moved to its
 * place when the disk has it, so that it appears whole.
 */
export async function openDirectoryBlobStore(folder: string): Promise<BlobStore> {
  const kept = path.join(folder, 'kept');
  const drafts = path.join(folder, 'drafts');
  for (const each of [kept, drafts]) await mkdir(each, { recursive: true, mode: 0o700 });

  const store: BlobStore = {
    async put(key, source, { maxBytes }) {
      const file = path.join(kept, fileOfKey(key));
      const draft = path.join(drafts, randomUUID());
      const measure = measuring(key, maxBytes);
      const writing = createWriteStream(draft, { flags: 'wx', mode: 0o600, flush: true });
      try {
        await pipeline(source, measure.pass, writing);
        await moveInto(file, draft, kept);
      } finally {
        // A source may fail before the draft is open: what is removed too early would come after all.
        if (!writing.closed) await new Promise<void>((resolve) => writing.once('close', () => resolve()));
        await rm(draft, { force: true });
      }
      return measure.result();
    },
    async get(key) {
      const handle = await open(path.join(kept, fileOfKey(key)), 'r').catch(undefinedIfMissing);
      if (!handle) return undefined;
      // From the same handle, so that both are of one put.
      const { size } = await handle.stat();
      return { stream: handle.createReadStream(), bytes: size };
    },
    async *list(prefix) {
      const start = prefix.includes('/') ? fileOfKey(prefix.slice(0, prefix.lastIndexOf('/'))) : '';
      for await (const { file, stats } of filesBelow(path.join(kept, start))) {
        const key = keyOfFile(path.relative(kept, file));
        if (key.startsWith(prefix)) yield { key, bytes: stats.size, storedAt: stats.mtime };
      }
    },
    async remove(key) {
      const file = path.join(kept, fileOfKey(key));
      await rm(file, { force: true });
      await removeEmptyFolders(path.dirname(file), kept);
    },
    removeAll: (prefix) => removeEach(store, prefix),
    async removeAbandoned(before) {
      let removed = 0;
      for await (const { file, stats } of filesBelow(drafts)) {
        if (stats.mtime >= before) continue;
        await rm(file, { force: true });
        removed += 1;
      }
      return removed;
    },
    ping: () => access(drafts, constants.W_OK),
    close: () => undefined,
  };
  return store;
}

/** A folder that is made here may be removed as empty by somebody else before anything is in it; then it is made again. */
async function moveInto(file: string, draft: string, root: string): Promise<void> {
  const folder = path.dirname(file);
  await pRetry(
    async () => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(draft, file);
    },
    { retries: 20, minTimeout: 1, factor: 1, shouldRetry: ({ error }) => isMissing(error) },
  );
  await syncFolders(folder, root);
}
