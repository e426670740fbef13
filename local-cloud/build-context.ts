/** Packs what an image is built from. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { pack } from 'tar-stream';
import type { Pack } from 'tar-stream';
import type { RecipeFile } from './recipe.ts';

/** A tar of small files, and of big ones that are read from disk while the engine takes the stream. */
export function packContext(files: RecipeFile[], bigFiles: { name: string; file: string }[] = []): Readable {
  const tar = pack();
  // Always there, so that the recipe can copy it whether or not the host has anything to put in.
  tar.entry({ name: 'extra-ca/', type: 'directory', mtime: new Date(0) });
  for (const { name, content } of files) tar.entry({ name, mtime: new Date(0) }, content);
  addBigFiles(tar, bigFiles).catch((error: unknown) => tar.destroy(error as Error));
  return tar as unknown as Readable;
}

async function addBigFiles(tar: Pack, bigFiles: { name: string; file: string }[]): Promise<void> {
  for (const { name, file } of bigFiles) {
    const { size } = await stat(file);
    await pipeline(createReadStream(file), tar.entry({ name, size, mtime: new Date(0) }));
  }
  tar.finalize();
}
