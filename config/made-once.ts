/** Small files that are made on first run and then stay: names, tokens, keys. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import path from 'node:path';

/**
 * The trimmed content of `file`, which is made from `make()` when it is not there: folder 0700, file 0600.
 * Processes that race for the first run all get the one value that won; a crash leaves no half-written file.
 */
export async function readOrMake(file: string, make: () => string): Promise<string> {
  const existing = await readIfThere(file);
  if (existing !== undefined) return existing;

  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}.draft`;
  try {
    await writeDurably(draft, `${make()}\n`);
    await linkUnlessThere(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return (await readFile(file, 'utf8')).trim();
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a new file, 0600, and returns once the disk has it. Rejects when it is there already. */
export async function writeDurably(file: string, content: string): Promise<void> {
  await using handle = await open(file, 'wx', 0o600);
  await handle.writeFile(content);
  await handle.sync();
}

/** A hard link appears whole or not at all, and never replaces a file: a rename would. */
async function linkUnlessThere(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
