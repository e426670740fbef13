/** A provider's conversation as one file, for a container that has nothing. */
import { execFile } from 'node:child_process';
import { glob, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Packs the files below `home` that hold conversations, and nothing else: credentials lie beside them. Returns whether
 * there are any.
 */
export async function packSession(home: string, patterns: readonly string[], archive: string): Promise<boolean> {
  const names: string[] = [];
  for await (const name of glob([...patterns], { cwd: home })) {
    const stats = await stat(path.join(home, name)).catch(() => undefined);
    if (stats?.isFile()) names.push(name);
  }
  if (names.length === 0) return false;
  // A program that still writes may change a file, or remove it.
  const lenient = ['--warning=no-file-changed', '--ignore-failed-read', '--no-recursion', '--null', '--files-from=-'];
  const packing = run('tar', ['--create', '--file', archive, '--directory', home, ...lenient]);
  packing.child.stdin?.on('error', () => undefined).end(names.map((name) => `${name}\0`).join(''));
  await packing.catch((error: { code?: number }) => {
    if (error.code !== 1) throw error;
  });
  return true;
}

/** Lays the files of an archive below `home`; without one `home` is just made. */
export async function unpackSession(archive: string | null, home: string): Promise<void> {
  await mkdir(home, { recursive: true });
  if (archive === null) return;
  await run('tar', ['--extract', '--file', archive, '--directory', home, '--no-same-owner', '--no-same-permissions']);
}
