/** Folders for one piece of work each, which are gone after it. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** No work with a repository takes so long: a folder of this age was left by a process that was killed. */
const abandonedAfterMs = 12 * 3_600_000;

/** Runs the work in a new folder below `root`, readable by its owner alone, and removes it whatever happens. */
export async function inWorkFolder<Result>(root: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await removeAbandoned(root);
  const folder = await mkdtemp(path.join(root, 'work-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function removeAbandoned(root: string): Promise<void> {
  const before = Date.now() - abandonedAfterMs;
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && found.mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}
