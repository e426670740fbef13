/** What a repository says to agents. Read as words: the settings beside it could start programs. */
import { access, open } from 'node:fs/promises';
import { constants } from 'node:fs';
import path from 'node:path';

const longestBytes = 64 * 1024;

/**
 * The first of these files in `cwd` or above it, up to the root of the repository; empty when there is none. Agents that
 * are told not to trust the repository's settings do not read it by themselves.
 */
export async function repositoryInstructions(cwd: string, names: string[]): Promise<string> {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const name of names) {
      const text = await startOf(path.join(folder, name)).catch(() => '');
      if (text !== '') return `${name} of this repository says:\n\n${text}`;
    }
    if (folder === path.dirname(folder) || (await isThere(path.join(folder, '.git')))) return '';
  }
}

/** The beginning of an ordinary file; a link may lead to one that never ends, or that waits for ever. */
async function startOf(file: string): Promise<string> {
  await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!(await handle.stat()).isFile()) return '';
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(longestBytes), 0, longestBytes, 0);
  return buffer.toString('utf8', 0, bytesRead);
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
