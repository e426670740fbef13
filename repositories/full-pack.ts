import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/**
 * Whether git was stopped at the limit of a file's size: a half-written pack of just that size lies there. git's own words
 * do not tell, since it is another process of its that was stopped.
 */
export async function hasFullPack(gitFolder: string, maxFileBytes: number): Promise<boolean> {
  const packs = path.join(gitFolder, 'objects/pack');
  const names = await readdir(packs).catch(() => []);
  const sizes = await Promise.all(
    names.filter((name) => name.startsWith('tmp_')).map(async (name) => (await stat(path.join(packs, name))).size),
  );
  return sizes.some((size) => size + 512 > maxFileBytes);
}
