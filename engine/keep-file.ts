import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Puts the content at `file` at once and whole, so that a crash never leaves half of it in the cache. */
export async function keepFile(file: string, content: Buffer | string, mode = 0o644): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.draft`;
  await writeFile(draft, content, { mode });
  await rename(draft, file);
  return file;
}
