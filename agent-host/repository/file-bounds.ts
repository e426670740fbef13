/** How much a result may hold. */
import { lstat } from 'node:fs/promises';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { LeftOut } from '../events.ts';
import { filePath, shownPath } from './paths.ts';

export interface FileBounds {
  fileBytes: number;
  totalBytes: number;
  files: number;
}

interface Candidate {
  path: string;
  bytes: number;
}

/** Which of these files a result can hold: all that are ordinary and small enough; beyond the total the biggest go. */
export async function affordableFiles(
  workTree: string,
  paths: string[],
  bounds: FileBounds,
): Promise<{ affordable: string[]; leftOut: LeftOut[] }> {
  const leftOut: LeftOut[] = [];
  const kept: Candidate[] = [];
  for (const path of paths) {
    const found = await examine(workTree, path, bounds);
    if (typeof found === 'string') leftOut.push({ path: shownPath(path), reason: found });
    else kept.push({ path, bytes: found });
  }
  const { within, beyond } = divide(kept, bounds);
  const reason = 'the changed files together are too many or too big';
  leftOut.push(...beyond.map(({ path }) => ({ path: shownPath(path), reason })));
  return { affordable: within.map(({ path }) => path), leftOut };
}

/** Its size, or why it must be left out. */
async function examine(workTree: string, path: string, { fileBytes }: FileBounds): Promise<number | string> {
  if (path.endsWith('/')) return 'a repository of its own';
  const file = filePath(workTree, path);
  try {
    const stats = await lstat(file);
    if (stats.isSymbolicLink()) return stats.size;
    if (!stats.isFile()) return 'not a file';
    if (stats.size > fileBytes) return tooBig(stats.size, fileBytes);
    await access(file, constants.R_OK);
    return stats.size;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES' ? 'not readable' : (error as Error).message;
  }
}

/** Why a file of this size is left out. */
export function tooBig(bytes: number, most: number): string {
  const megabytes = (count: number) => `${Math.ceil(count / 1024 ** 2)} MB`;
  return `${megabytes(bytes)}, and ${megabytes(most)} is the most for a file`;
}

function divide(candidates: Candidate[], { totalBytes, files }: FileBounds) {
  const bySize = candidates.toSorted((one, other) => one.bytes - other.bytes);
  let total = 0;
  const fits = bySize.findIndex(({ bytes }, index) => (total += bytes) > totalBytes || index >= files);
  const count = fits < 0 ? bySize.length : fits;
  return { within: bySize.slice(0, count), beyond: bySize.slice(count) };
}
