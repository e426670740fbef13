/** The key file after first run: read again when a key is missing, replaced by a rotation. */
import { readFileSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseKeys, secretKeyFile } from './installation.ts';
import { writeDurably } from './made-once.ts';

/** The keys as the file under `home` has them now, the current one first. */
export function readKeyFile(home: string): string[] {
  const file = secretKeyFile(home);
  return parseKeys(readFileSync(file, 'utf8'), file);
}

/**
 * Puts these keys in the place of the file's, whole or not at all; one caller at a time. They are on the disk when it resolves:
 * nothing may be sealed with a key that a power cut could take away.
 */
export async function replaceKeyFile(home: string, keys: readonly string[]): Promise<void> {
  const file = secretKeyFile(home);
  const draft = `${file}.draft`;
  await rm(draft, { force: true }); // A killed rotation may have left one.
  await writeDurably(draft, `${keys.join('\n')}\n`);
  await rename(draft, file);
  await using folder = await open(path.dirname(file));
  await folder.sync();
}
