/** Files that the agent committed itself, and that a result cannot hold. */
import type { LeftOut } from '../events.ts';
import type { FileBounds } from './file-bounds.ts';
import { tooBig } from './file-bounds.ts';
import { git, nulSeparated } from './git.ts';
import { shownPath } from './paths.ts';

interface Change {
  path: string;
  /** As the base has it: mode and object, both zeros when it has none. */
  before: { mode: string; object: string };
  after: string;
}

/** Sets files of the index that are too big back to what the base has, and names them. */
export async function leaveOutCommitted(gitDir: string, base: string, { fileBytes }: FileBounds): Promise<LeftOut[]> {
  const changes = changesOf(await git(gitDir, ['diff-index', '--cached', '-r', '-z', '--no-renames', base]));
  const sizes = await sizesOf(
    gitDir,
    changes.map(({ after }) => after),
  );
  const tooBigOnes = changes.flatMap((change) => {
    const bytes = sizes.get(change.after) ?? 0;
    return bytes > fileBytes ? [{ ...change, bytes }] : [];
  });
  if (tooBigOnes.length === 0) return [];
  const entries = tooBigOnes.map(({ before, path }) => `${before.mode} ${before.object}\t${path}\0`);
  await git(gitDir, ['update-index', '-z', '--index-info'], { input: entries.join('') });
  return tooBigOnes.map(({ path, bytes }) => ({ path: shownPath(path), reason: tooBig(bytes, fileBytes) }));
}

/** `:<mode> <mode> <object> <object> <status>` NUL `<path>` NUL, for files that are there afterwards. */
function changesOf(output: string): Change[] {
  const parts = nulSeparated(output);
  const changes: Change[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [mode = '', , object = '', after = '', status = ''] = (parts[at] ?? '').slice(1).split(' ');
    if (status !== 'D') changes.push({ path: parts[at + 1] ?? '', before: { mode, object }, after });
  }
  return changes;
}

async function sizesOf(gitDir: string, objects: string[]): Promise<Map<string, number>> {
  const format = '--batch-check=%(objectname) %(objectsize)';
  const output = await git(gitDir, ['cat-file', format], { input: objects.map((object) => `${object}\n`).join('') });
  const lines = output.split('\n').filter((line) => !line.endsWith(' missing'));
  return new Map(lines.map((line) => [line.split(' ')[0] ?? '', Number(line.split(' ')[1])]));
}
