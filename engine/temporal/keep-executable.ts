import { rename, writeFile } from 'node:fs/promises';

/** Puts the executable at `target` at once and whole, so that a crash never leaves half of it in the cache. */
export async function keepExecutable(target: string, content: Buffer): Promise<string> {
  const draft = `${target}.draft`;
  await writeFile(draft, content, { mode: 0o755 });
  await rename(draft, target);
  return target;
}
