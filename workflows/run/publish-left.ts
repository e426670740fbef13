import type { SessionCheckpoint } from '../contract/run.ts';
import { failure } from './failure.ts';
import { makePublic } from './make-public.ts';
import type { Checkout, Run } from './run.ts';

/** Publishes what turns before left, without an agent. Fails with the reason when that cannot be. */
export async function publishLeft(run: Run): Promise<void> {
  const resume = run.turn?.resume ?? null;
  run.checkout = checkoutLeft(resume, run.input.repository?.url ?? null);
  const work = run.checkout ? { ...run.checkout, bundle: run.checkout.unpublished?.bundle ?? null } : branchOf(resume);
  if (!work) throw failure('InvalidState', 'This session has nothing to publish.');
  const failed = await makePublic(run, work);
  if (failed) throw failure(failed.code, failed.message);
}

function checkoutLeft(resume: SessionCheckpoint | null, repoUrl: string | null): Checkout | null {
  const unpublished = resume?.unpublished ?? null;
  if (unpublished === null || unpublished.repoUrl !== repoUrl) return null;
  const { archive, baseCommit, branch, expectedHead } = unpublished;
  return { archive, baseCommit, branch, baseBranch: resume?.baseBranch ?? null, expectedHead, unpublished };
}

/** All of it is pushed; its pull request may be missing. */
function branchOf(resume: SessionCheckpoint | null) {
  if (resume?.branch == null || resume.head === null) return null;
  const { branch, head, baseBranch = null } = resume;
  return { branch, baseBranch, baseCommit: head, expectedHead: head, bundle: null };
}
