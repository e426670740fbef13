import { blamingBundle } from './bundle-fault.ts';
import { checkTreeSize } from './tree-size.ts';
import { type Git, OutputTooLong } from './git.ts';
import { importBundle, type ImportRequest } from './import-bundle.ts';
import type { Remote } from './remote.ts';

export interface Diff {
  text: Buffer;
  /** The diff was longer than it may be; its beginning is there. */
  truncated: boolean;
}

/** What the agent changed since it began, as `git diff` shows it. Of a result that is not published, too. */
export async function diffOfWork(
  git: Git,
  remote: Remote,
  request: ImportRequest & { maxDiffBytes: number },
): Promise<Diff> {
  return await blamingBundle(async () => {
    const tip = await importBundle(git, remote, request);
    await checkTreeSize(git, tip);
    return await readDiff(git, request.bases[0], tip, request.maxDiffBytes);
  });
}

async function readDiff(git: Git, from: string, to: string, maxDiffBytes: number): Promise<Diff> {
  const how = ['-r', '-p', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--full-index'];
  try {
    const args = ['diff-tree', ...how, from, to];
    return { text: await git(args, { maxOutputBytes: maxDiffBytes }), truncated: false };
  } catch (error) {
    if (!(error instanceof OutputTooLong)) throw error;
    return { text: error.output, truncated: true };
  }
}
