/** A repository whose server holds a push before it counts, and after it did but nobody was told. */
import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Puts git's own hooks into the bare repository; `run` is who is held by the gates of this folder. */
export async function holdPushes(repository: string, gates: string, run: string): Promise<void> {
  for (const [hook, point] of [
    ['pre-receive', 'before push'],
    ['post-receive', 'after push'],
  ] as const) {
    const file = path.join(repository, 'hooks', hook);
    await writeFile(file, scriptFor(path.join(gates, run), point));
    await chmod(file, 0o755);
  }
}

/** As `pass` in `gates.ts`. */
function scriptFor(prefix: string, point: string): string {
  return [
    '#!/bin/sh',
    `while [ "$(cat '${prefix}.hold')" = '${point}' ]; do`,
    `  : > '${prefix} ${point}.arrived'`,
    '  sleep 0.05',
    'done',
    '',
  ].join('\n');
}
