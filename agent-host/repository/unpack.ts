/** Making the agent's checkout. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Repository } from '../job.ts';
import type { Places } from '../places.ts';
import { git } from './git.ts';

const run = promisify(execFile);

/**
 * Unpacks the archive of a repository and checks its branch out, made at the base commit; `null` makes an empty one. The
 * host keeps a bare repository of its own beside the checkout, so that it does not depend on what becomes of the latter.
 * May be repeated after it was interrupted.
 */
export async function makeCheckout(
  places: Places,
  repository: Repository | null,
  archive: string | null,
): Promise<void> {
  await Promise.all([places.base, places.repo].map((folder) => rm(folder, { recursive: true, force: true })));
  const empty = archive === null ? await initEmpty(places.base) : await unpackBare(archive, places.base);
  const branch = repository?.branch ?? emptyBranch;
  const commit = repository?.baseCommit ?? empty ?? (await git(places.base, ['rev-parse', 'HEAD'])).trim();

  const settings = checkoutSettings.flatMap((setting) => ['--config', setting]);
  await git(null, ['clone', '--quiet', '--local', '--no-checkout', ...settings, places.base, places.repo]);
  const checkout = path.join(places.repo, '.git');
  await git(checkout, ['checkout', '--quiet', '-B', branch, '--no-track', commit], { workTree: places.repo });
  // Saves the first look at the checkout from reading every file.
  await copyFile(path.join(checkout, 'index'), path.join(places.base, 'index'));
  await git(places.base, ['update-ref', baseRef, commit]);
}

/** Where the host's repository notes the commit that the branch was made at. */
export const baseRef = 'refs/pawl/base';

/** Whether the making of a checkout came to its end. */
export function hasCheckout({ base }: Places): boolean {
  return existsSync(path.join(base, baseRef));
}

const emptyBranch = 'main';

const checkoutSettings = [
  'user.name=Pawl',
  'user.email=pawl@localhost',
  // Nothing that is pushed from here would arrive.
  'remote.origin.pushurl=/dev/null',
];

/** Returns its only commit. */
async function initEmpty(base: string): Promise<string> {
  await mkdir(base, { recursive: true });
  await git(base, ['init', '--quiet', '--bare', `--initial-branch=${emptyBranch}`]);
  const tree = (await git(base, ['mktree'])).trim();
  // The same in every container, so that a fence made in one means something in another.
  const person = 'Pawl <pawl@localhost> 0 +0000';
  const input = `tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nempty\n`;
  const commit = (await git(base, ['hash-object', '-t', 'commit', '-w', '--stdin'], { input })).trim();
  await git(base, ['update-ref', `refs/heads/${emptyBranch}`, commit]);
  return commit;
}

/** A bundle is cloned; of a tar the folder is taken that is a git directory, or the `.git` of a checkout. */
async function unpackBare(archive: string, base: string): Promise<undefined> {
  if (await isBundle(archive)) {
    await git(null, ['clone', '--quiet', '--bare', archive, base]);
    return;
  }
  const folder = `${base}.unpacked`;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await run('tar', ['--extract', '--file', archive, '--directory', folder, '--no-same-owner']);
  await rename(await findGitDir(folder), base);
  await rm(folder, { recursive: true, force: true });
  await git(base, ['config', 'core.bare', 'true']);
}

/** Whether the file is a git bundle; everything else that comes is a tar. */
export async function isBundle(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, 0);
  return /^# v\d git/.test(buffer.toString('latin1'));
}

async function findGitDir(folder: string): Promise<string> {
  const names = await readdir(folder);
  if (names.includes('HEAD') && names.includes('objects')) return folder;
  if (names.includes('.git')) return path.join(folder, '.git');
  const [only] = names;
  if (only === undefined || names.length > 1) throw new Error('the archive holds no git repository');
  return findGitDir(path.join(folder, only));
}
