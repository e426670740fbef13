/** Everything of `on-machine/` as one archive: packed together it is half as long as file by file. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

const source = path.join(import.meta.dirname, 'on-machine');

/** `tar.gz` of the programs that run on a machine; the same sources give the same bytes. */
export const programsArchive = gzipSync(await tarOf(filesBelow(source)), { level: 9 });

async function tarOf(files: string[]): Promise<Buffer> {
  const tar = pack();
  for (const name of files) {
    tar.entry({ name, mtime: new Date(0), mode: 0o644 }, readFileSync(path.join(source, name), 'utf8'));
  }
  tar.finalize();
  return buffer(tar);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}
