/** What a repository says to agents. Read as words: the settings beside it could start programs. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';

const longestChars = 64 * 1024;

/**
 * The first of these files in `cwd` or above it, up to the root of the repository; empty when there is none. Agents that
 * are told not to trust the repository's settings do not read it by themselves.
 */
export async function repositoryInstructions(cwd: string, names: string[]): Promise<string> {
  for (let folder = cwd; ; folder = path.dirname(folder)) {
    for (const name of names) {
      const text = await readFile(path.join(folder, name), 'utf8').catch(() => '');
      if (text !== '') return `${name} of this repository says:\n\n${text.slice(0, longestChars)}`;
    }
    if (folder === path.dirname(folder) || (await isThere(path.join(folder, '.git')))) return '';
  }
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
