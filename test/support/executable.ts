import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Writes a shell script that can be run; returns its path. */
export async function writeExecutable(file: string, script: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return file;
}
