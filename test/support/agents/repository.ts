/** A repository as a run gets it. */
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Repository } from '../../../agent-host/job.ts';

const run = promisify(execFile);

export interface TestRepository {
  bare: string;
  /** A tar of the bare repository. */
  archive: string;
  /** What a job says of it. */
  job: Repository;
}

/** Makes a bare repository below `root` with one commit of these files and submodules, and its archive. */
export async function bareRepositoryTar(
  root: string,
  files: Record<string, string>,
  submodules: string[] = [],
): Promise<TestRepository> {
  const work = path.join(root, 'source');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(work, name)), { recursive: true });
    await writeFile(path.join(work, name), content);
  }
  await git('init', '--quiet', '--initial-branch=main', work);
  await git('-C', work, 'add', '--all', '--force');
  for (const name of submodules)
    await git('-C', work, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},${name}`);
  await git('-C', work, 'commit', '--quiet', '--allow-empty', '--message=first');
  return archiveOf(work, root);
}

/** The bare repository and the archive of the repository in `work`, made below `root`. */
export async function archiveOf(work: string, root: string): Promise<TestRepository> {
  const bare = path.join(root, 'bare.git');
  await git('clone', '--quiet', '--bare', work, bare);
  const baseCommit = (await git('-C', bare, 'rev-parse', 'HEAD')).stdout.trim();
  const archive = path.join(root, 'repo.tar');
  await run('tar', ['--create', '--file', archive, '--directory', bare, '.']);
  return { bare, archive, job: { archive: 'repo.tar', branch: 'claude/work-1', baseCommit } };
}

function git(...args: string[]) {
  return run('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args]);
}
