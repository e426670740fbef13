/** What is in a file: its bytes, and those of whatever it holds folded up. */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, inflateSync } from 'node:zlib';
import { databaseRows } from './database-rows.ts';
import { gitObjects } from './git-objects.ts';
import type { Contents } from './search.ts';

const run = promisify(execFile);

export interface Workbench {
  /** Where things may be unfolded. */
  folder: string;
  /** Objects that bundles build on. */
  repository: string;
}

/** Every file below a folder, unfolded. One that goes away meanwhile is left out. */
export async function unfoldFolder(folder: string, bench: Workbench): Promise<Contents> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const all: Contents = new Map();
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const bytes = await readFile(file).catch(() => undefined);
    if (!bytes) continue;
    for (const [name, part] of await unfold(bytes, file, bench)) all.set(path.relative(folder, file) + name, part);
  }
  return all;
}

/** The bytes under the empty name, and what is folded up in them, however deep. `file` is where they lie. */
export async function unfold(bytes: Buffer, file: string, bench: Workbench): Promise<Contents> {
  const inner = await contentsOf(bytes, file, bench);
  return new Map([['', bytes], ...inner]);
}

async function contentsOf(bytes: Buffer, file: string, bench: Workbench): Promise<Contents> {
  const start = bytes.subarray(0, 16).toString('latin1');
  if (start.startsWith('SQLite format 3\0')) return new Map([[' (rows)', databaseRows(file)]]);
  if (start.startsWith('PACK') || /^# v[23] git bundle/.test(start)) {
    return await unfoldAll(await gitObjects(bytes, bench), bench);
  }
  if (start.startsWith('\x1f\x8b')) return await unfoldOne(' (gzip)', gunzipSync(bytes), bench);
  if (/^x[\x01\x5e\x9c\xda]/.test(start)) return await unfoldOne(' (zlib)', inflated(bytes), bench);
  if (bytes.subarray(257, 262).toString('latin1') === 'ustar') return await unfoldTar(bytes, bench);
  return new Map();
}

async function unfoldAll(contents: Contents, bench: Workbench): Promise<Contents> {
  const all: Contents = new Map();
  for (const [name, bytes] of contents) {
    for (const [inner, part] of await unfoldOne(name, bytes, bench)) all.set(inner, part);
  }
  return all;
}

async function unfoldOne(name: string, bytes: Buffer, bench: Workbench): Promise<Contents> {
  const inner = await unfold(bytes, '', bench);
  return new Map([...inner].map(([deeper, part]) => [name + deeper, part]));
}

/** Text may begin like something deflated. */
function inflated(bytes: Buffer): Buffer {
  try {
    return inflateSync(bytes);
  } catch {
    return Buffer.alloc(0);
  }
}

async function unfoldTar(bytes: Buffer, bench: Workbench): Promise<Contents> {
  const folder = await mkdtemp(path.join(bench.folder, 'tar-'));
  await writeFile(path.join(folder, '.tar'), bytes);
  await run('tar', ['--extract', '--no-same-owner', '--file', path.join(folder, '.tar'), '--directory', folder]);
  await writeFile(path.join(folder, '.tar'), '');
  const contents = await unfoldFolder(folder, bench);
  return new Map([...contents].map(([name, part]) => [`/${name}`, part]));
}
