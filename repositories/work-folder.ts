/** Folders for one piece of work each, which are gone after it. */
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** No work with a repository takes so long: a folder of this age was left by a process that was killed, on whichever host. */
const abandonedAfterMs = 12 * 3_600_000;

/** Says who works there, so that what a killed process of this host left is known at once. */
const prefix = `work-${hostname()}-`;

/** Runs the work in a new folder below `root`, readable by its owner alone, and removes it whatever happens. */
export async function inWorkFolder<Result>(root: string, work: (folder: string) => Promise<Result>): Promise<Result> {
  await mkdir(root, { recursive: true, mode: 0o700 });
  await removeAbandoned(root);
  const folder = await mkdtemp(path.join(root, `${prefix}${process.pid}-`));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function removeAbandoned(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const folder = path.join(root, name);
    if (isOfDeadProcess(name) || (await isOld(folder))) {
      // What the process had started may be at its last write.
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  }
}

function isOfDeadProcess(name: string): boolean {
  const pid = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function isOld(folder: string): Promise<boolean> {
  const found = await stat(folder).catch(() => undefined);
  return found !== undefined && found.mtimeMs < Date.now() - abandonedAfterMs;
}
