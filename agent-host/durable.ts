/** Small files that are there whole or not at all, whenever the host dies. */
import { open, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Replaces a file's content at once. A power cut may undo it. */
export async function replaceFile(file: string, content: string): Promise<void> {
  await writeFile(`${file}.draft`, content, { mode: 0o600 });
  await rename(`${file}.draft`, file);
}

/** Replaces a file's content at once, and returns when the disk has it. */
export async function writeDurably(file: string, content: string): Promise<void> {
  await writeFile(`${file}.draft`, content, { mode: 0o600, flush: true });
  await rename(`${file}.draft`, file);
  await syncFolder(path.dirname(file));
}

/** Sees to it that the disk knows the names in a folder. */
export async function syncFolder(folder: string): Promise<void> {
  await using handle = await open(folder, 'r');
  await handle.sync();
}

/** The JSON of a file, or `undefined` when there is no such file. */
export async function readJson<T>(file: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
