/** Contents of packs, bundles and repositories of git. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Contents } from './search.ts';
import type { Workbench } from './unfold.ts';

const run = promisify(execFile);

/** All objects of a pack, or of a bundle and what it builds on. */
export async function gitObjects(bytes: Buffer, { folder, repository }: Workbench): Promise<Contents> {
  const scratch = await mkdtemp(path.join(folder, 'git-'));
  await run('git', ['init', '--quiet', '--bare', scratch]);
  const env = { ...process.env, GIT_ALTERNATE_OBJECT_DIRECTORIES: path.join(repository, 'objects') };
  const unpacking = execFile('git', ['-C', scratch, 'index-pack', '--stdin', '--fix-thin'], { env });
  unpacking.stdin?.end(bytes.subarray(bytes.indexOf('PACK')));
  const [code] = (await once(unpacking, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`git cannot read a pack of ${bytes.length} bytes`);
  return await repositoryObjects(scratch);
}

/** All objects of a repository, one after the other, whether a branch leads to them or not, and the names of its branches. */
export async function repositoryObjects(repository: string): Promise<Contents> {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', repository, ...args], { encoding: 'buffer', maxBuffer: 1024 ** 3 })).stdout;
  return new Map([
    [' (objects)', await git('cat-file', '--batch-all-objects', '--batch')],
    [' (branches)', await git('for-each-ref')],
  ]);
}
