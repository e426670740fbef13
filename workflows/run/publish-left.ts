import type { SessionCheckpoint } from '../contract/run.ts';
import { failure } from './failure.ts';
import { makePublic } from './make-public.ts';
import type { Run } from './run.ts';
import { unpublishedCheckout } from './unpublished.ts';

/** Publishes what turns before left, without an agent. Fails with the reason when that cannot be. */
export async function publishLeft(run: Run): Promise<void> {
  const left = unpublishedCheckout(run);
  run.checkout = left;
  const work = left ? { ...left, bundle: left.unpublished.bundle } : branchOf(run.turn?.resume ?? null);
  if (!work) throw failure('InvalidState', 'This session has nothing to publish.');
  const failed = await makePublic(run, work);
  if (failed) throw failure(failed.code, failed.message);
}

/** All of it is pushed; its pull request may be missing. */
function branchOf(resume: SessionCheckpoint | null) {
  if (resume?.branch == null || resume.head === null) return null;
  const { branch, head, baseBranch = null } = resume;
  return { branch, baseBranch, baseCommit: head, expectedHead: head, bundle: null };
}
